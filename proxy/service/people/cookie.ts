import type { ServerSettings } from '#proxy/service/settings.ts'

/** Cookies ignore ports, so two servers on one host need two names. */
export const sessionCookieName = (port: number): string => `marquee_session_${port}`

/** The `set-cookie` that signs a browser in. Source: decisions §28. */
export const sessionCookie = (token: string, settings: ServerSettings): string =>
  cookie(settings, token, settings.sessionHours * 3600)

/** The `set-cookie` that makes a browser forget its session. */
export const clearedCookie = (settings: ServerSettings): string => cookie(settings, '', 0)

const cookie = ({ cookieName, secureCookies }: ServerSettings, value: string, seconds: number): string =>
  `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secureCookies ? '; Secure' : ''}`
