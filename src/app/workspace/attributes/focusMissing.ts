/** Puts the focus on the first attribute in there that lacks a value, else on the first. False without any. */
export function focusMissing(form: Element | null): boolean {
  const missing = form?.querySelector('[data-missing]')?.closest('[data-attribute]')
  const field = (missing ?? form)?.querySelector<HTMLElement>('[data-attribute-field]:not(:disabled)')
  field?.focus()
  return field != null
}
