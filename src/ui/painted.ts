/** Resolves when what is rendered now is on the screen: for what can wait until the person sees the next image. */
export const painted = (): Promise<void> =>
  new Promise((resolve) => {
    // a page that is not looked at draws no frames
    const late = setTimeout(resolve, 300)
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(late)
        resolve()
      }),
    )
  })
