/** Who is asking, after authentication. `scopes` are names of clarifai.auth.scope.S; 'all' for sign-in sessions. */
export interface Caller {
  readonly userId: string
  readonly via: 'personal_access_token' | 'app_specific_key' | 'session'
  readonly scopes: readonly string[] | 'all'
  /** Set for app-specific keys: the only app they open. */
  readonly app?: { readonly userId: string; readonly appId: string } | undefined
  /** Public id of the key, hash of the session: for logs, revoking and rate limits. */
  readonly credentialId: string
  /** Where calls are forwarded: the upstream's token the session stands for, or the key that was shown. A secret. */
  readonly upstreamKey?: string | undefined
}

/** One request as the service sees it, whatever protocol it came over. */
export interface Call {
  readonly caller: Caller | undefined
  /** 32 hex; also `status.req_id` of the answer and in every log line. */
  readonly requestId: string
  readonly signal: AbortSignal
  /** Request header by lower-case name, one value. */
  header(name: string): string | undefined
  /** Response header, e.g. set-cookie on sign-in. May be called several times with one name. */
  setHeader(name: string, value: string): void
  /** Address of the peer, for the limit on failed sign-ins. */
  readonly remoteAddress: string
}
