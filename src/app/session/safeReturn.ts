/** Where to go after signing in: a path of this app, never another site (`//host`, `https:`), never the sign-in itself. */
export function safeReturn(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value) || value.startsWith('/sign-in')) return undefined
  return value
}
