import type { QueryClient } from '@tanstack/react-query'
import type { AppContextValue } from '#app/appContext.tsx'
import { type GetSessionResponse, SignIn } from '#gen/marquee/v1/marquee_pb.ts'
import type { Clients } from '#sync/client.ts'
import type { KeptAnswers } from '#sync/keptAnswers.ts'
import { sessionQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { createSync } from '#sync/sync.ts'
import { Uploads } from '#sync/uploads.ts'

/**
 * Who is signed in on this page, and what lives as long as they are. Changes to unsent work never travel from one
 * person to another: a different person gets a new {@link AppContextValue}, the old outbox waits on the device
 * (decisions §16).
 */
export class SessionKeeper {
  readonly #clients: Clients
  readonly #queryClient: QueryClient
  readonly #answers: KeptAnswers | undefined
  readonly #listeners = new Set<() => void>()
  /** Other tabs share the cookie, so they must hear of a change of person at once. */
  readonly #tabs = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('marquee-session')
  #current: AppContextValue | undefined
  #expired = false
  #checking = false

  constructor(clients: Clients, queryClient: QueryClient, answers?: KeptAnswers) {
    this.#clients = clients
    this.#queryClient = queryClient
    this.#answers = answers
    if (this.#tabs) this.#tabs.onmessage = () => void this.#recheck()
  }

  /** The server no longer takes our cookie; the person is asked to sign in again, over what they were doing. */
  get expired(): boolean {
    return this.#expired
  }

  get current(): AppContextValue | undefined {
    return this.#current
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The session as the server last said; asks it the first time. */
  session(): Promise<GetSessionResponse> {
    return this.#queryClient.ensureQueryData(sessionQuery(this.#clients))
  }

  /** The context of a signed-in session; the same object for as long as it is the same person on the same server. */
  enter(session: GetSessionResponse): AppContextValue | undefined {
    const { person, serverId } = session
    if (!person) return undefined
    const current = this.#current
    if (current && current.person.id === person.id && current.session.serverId === serverId) return current
    current?.sync.stop()
    const sync = createSync({
      clients: this.#clients,
      queryClient: this.#queryClient,
      serverId,
      userId: person.id,
    })
    const uploads = new Uploads({ clients: this.#clients, queryClient: this.#queryClient })
    this.#current = { clients: this.#clients, queryClient: this.#queryClient, sync, uploads, session, person }
    sync.subscribe(() => {
      if (this.#current?.sync === sync && sync.status().state === 'signed-out') void this.suspect()
    })
    void sync.start()
    return this.#current
  }

  /**
   * Some answer said that we are not signed in. Asks the server, since a single refusal may have another reason, and
   * only then the person.
   */
  async suspect(): Promise<void> {
    if (this.#expired || this.#checking || !this.#current) return
    this.#checking = true
    try {
      const { person } = await this.#clients.account.getSession({})
      if (person?.id === this.#current?.person.id) this.#current?.sync.signedIn()
      else if (person) window.location.reload()
      else this.#expire()
    } catch {
      // unreachable: whoever asked tries again, and comes back here if it is still so
    } finally {
      this.#checking = false
    }
  }

  #expire(): void {
    if (!this.#current) return
    this.#expired = true
    this.#notify()
  }

  /**
   * Signs in; afterwards {@link session} answers the new person.
   * @param secret the password, or the personal access token where the server asks for one
   * @param app that the token is to open, checked by the server
   * @throws ConnectError as the server said
   */
  async signIn(userId: string, secret: string, app?: AppScope): Promise<void> {
    const before = this.#current?.person.id
    const byToken = (await this.session()).signIn === SignIn.ACCESS_TOKEN
    await this.#clients.account.signIn(
      byToken
        ? { userId, personalAccessToken: secret, appUserId: app?.owner ?? '', appId: app?.app ?? '' }
        : { userId, password: secret },
    )
    const session = await this.#freshSession()
    if (before !== undefined && before !== session.person?.id) {
      this.#leave()
      this.#queryClient.setQueryData(sessionQuery(this.#clients).queryKey, session)
    }
    this.#expired = false
    this.enter(session)?.sync.signedIn()
    void this.#queryClient.invalidateQueries({ predicate: (query) => query.state.status !== 'pending' })
    this.#tabs?.postMessage('signed-in')
    this.#notify()
  }

  /** Ends the session on the server; what is not sent yet waits on this device for the same person. */
  async signOut(): Promise<void> {
    await this.#clients.account.signOut({})
    this.#leave()
    await this.#answers?.forget()
    this.#tabs?.postMessage('signed-out')
    this.#notify()
  }

  #freshSession(): Promise<GetSessionResponse> {
    return this.#queryClient.fetchQuery({ ...sessionQuery(this.#clients), staleTime: 0 })
  }

  #leave(): void {
    this.#current?.sync.stop()
    this.#current = undefined
    this.#expired = false
    this.#queryClient.removeQueries()
  }

  /** Another tab signed in or out. The same person: go on. Anybody else: start this page afresh. */
  async #recheck(): Promise<void> {
    const session = await this.#freshSession()
    if (session.person?.id !== this.#current?.person.id) {
      this.#current?.sync.stop()
      window.location.reload()
      return
    }
    if (!this.#expired) return
    this.#expired = false
    this.#current?.sync.signedIn()
    this.#notify()
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
