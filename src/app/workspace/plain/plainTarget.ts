/** Whether an event comes from where nobody types and nothing lies over the workspace. */
export function plainTarget(target: EventTarget | null): boolean {
  return (
    !(target instanceof Element) ||
    !target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]')
  )
}
