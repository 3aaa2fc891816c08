/** The keys of the image go on. */
export const focusCanvas = (): void => document.querySelector<HTMLElement>('[role=application]')?.focus()
