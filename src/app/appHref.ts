/** The address of an app's overview; its other pages are below it. */
export const appHref = ({ owner, app }: { owner: string; app: string }): string =>
  `/apps/${encodeURIComponent(owner)}/${encodeURIComponent(app)}`
