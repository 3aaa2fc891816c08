/** What the environment decides and the service needs beside its limits (docs/deploying.md). */
export interface ServerSettings {
  readonly sessionHours: number
  /** Of the session cookie; several servers on one host must not share it (decisions §28). */
  readonly cookieName: string
  /** Whether browsers reach this server by TLS. */
  readonly secureCookies: boolean
  readonly allowPrivateInputUrls: boolean
  /** Of the program, as /healthz and GetSession say it. */
  readonly version: string
}

export const defaultSettings: ServerSettings = {
  sessionHours: 720,
  cookieName: 'marquee_session_8080',
  secureCookies: false,
  allowPrivateInputUrls: false,
  version: '0.0.0',
}
