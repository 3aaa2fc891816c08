import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect'
import { createGrpcWebTransport } from '@connectrpc/connect-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestServer } from '#e2e/server.ts'
import { Account, ListInputSummariesRequest_Labelled as Labelled, SignIn, Studio } from '#gen/marquee/v1/marquee_pb.ts'
import { Office } from '#gen/marquee/v1/office_pb.ts'
import { Team, WorkState } from '#gen/marquee/v1/team_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'

// What a browser gets from a server that forwards to another: signing in by token, and the app's own service.

let behind: TestServer
let front: TestServer
beforeAll(async () => {
  behind = await TestServer.start()
  front = await TestServer.start({ UPSTREAM: behind.url })
}, 60_000)
afterAll(async () => {
  await front.remove()
  await behind.remove()
})

/** A page of a server: its origin, and its cookie. */
const pageOf = (server: TestServer, jar: { cookie: string }) => {
  const asPage: Interceptor = (next) => async (request) => {
    request.header.set('origin', server.url)
    if (jar.cookie !== '') request.header.set('cookie', jar.cookie)
    const answer = await next(request)
    const set = answer.header.get('set-cookie')
    if (set !== null) jar.cookie = set.split(';', 1)[0] ?? ''
    return answer
  }
  const transport = createGrpcWebTransport({ baseUrl: server.url, httpVersion: '1.1', interceptors: [asPage] })
  return {
    account: createClient(Account, transport),
    studio: createClient(Studio, transport),
    api: createClient(V2, transport),
    team: createClient(Team, transport),
    office: createClient(Office, transport),
  }
}
const signedIn = async (who: 'owner' | 'annotator', server = front) => {
  const jar = { cookie: '' }
  const page = pageOf(server, jar)
  const { pat } = behind.credentials(who)
  await page.account.signIn({ userId: who, personalAccessToken: pat, appUserId: 'owner', appId: 'demo' })
  return { ...page, jar, pat }
}
const failure = async (call: Promise<unknown>): Promise<ConnectError> => {
  try {
    await call
  } catch (error) {
    return ConnectError.from(error)
  }
  throw new Error('the call went well')
}
const demo = { userId: 'owner', appId: 'demo' }

describe('signing in where the server forwards', () => {
  it('tells the page to ask for a token, and has no passwords', async () => {
    const { account } = pageOf(front, { cookie: '' })
    const session = await account.getSession({})
    expect(session).toMatchObject({ signIn: SignIn.ACCESS_TOKEN, noRestore: false })
    expect(session.person).toBeUndefined()
    const { password } = behind.credentials('owner')
    expect((await failure(account.signIn({ userId: 'owner', password }))).code).toBe(Code.InvalidArgument)
  })

  it('takes a token of that user only, and an app it opens', async () => {
    const { account } = pageOf(front, { cookie: '' })
    const { pat } = behind.credentials('annotator')
    const tries = [
      [{ userId: 'owner', personalAccessToken: pat }, Code.Unauthenticated],
      [{ userId: 'annotator', personalAccessToken: 'no-such-token' }, Code.Unauthenticated],
      [{ userId: 'annotator', personalAccessToken: 'a b' }, Code.InvalidArgument],
      [{ userId: 'annotator', personalAccessToken: pat, appId: 'demo' }, Code.InvalidArgument],
    ] as const
    for (const [request, code] of tries) expect((await failure(account.signIn(request))).code).toBe(code)
    await account.signIn({ userId: 'annotator', personalAccessToken: pat, appUserId: 'owner', appId: 'demo' })
  })

  it('makes a session that stands for the token, in every call of the API', async () => {
    const { account, api } = await signedIn('annotator')
    expect((await account.getSession({})).person?.id).toBe('annotator')
    const { user } = await api.getUser({ userAppId: { userId: 'me' } })
    expect(user?.id).toBe('annotator')
    const { status, inputs } = await api.listInputs({ userAppId: demo, perPage: 1 })
    expect(status?.code).toBe(StatusCode.SUCCESS)
    const annotations = [{ inputId: inputs[0]?.id ?? '', data: { concepts: [{ id: 'boat', value: 1 }] } }]
    const posted = await api.postAnnotations({ userAppId: demo, annotations })
    expect(posted.annotations[0]?.userId).toBe('annotator')
  })

  it('keeps the token from the browser and, readable, from the disk', async () => {
    const { jar, pat } = await signedIn('owner')
    expect(jar.cookie).not.toContain(pat)
    const token = jar.cookie.split('=')[1] ?? ''
    const files = readdirSync(front.dataDir).filter((name) => name.startsWith('marquee.db'))
    const stored = Buffer.concat(files.map((name) => readFileSync(path.join(front.dataDir, name))))
    expect(stored.includes('upstream_session')).toBe(true)
    expect(stored.includes(pat)).toBe(false)
    expect(stored.includes(token)).toBe(false)
  })

  it('ends with the sign-out, and when the token is revoked', async () => {
    const first = await signedIn('owner')
    const { keys } = await first.api.postKeys({
      userAppId: { userId: 'owner' },
      keys: [{ description: 'short', type: 'personal_access_token', scopes: ['All'] }],
    })
    const second = pageOf(front, { cookie: '' })
    await second.account.signIn({ userId: 'owner', personalAccessToken: keys[0]?.id ?? '' })
    expect((await second.account.getSession({})).person?.id).toBe('owner')
    const secret = keys[0]?.id ?? ''
    await first.api.deleteKey({ userAppId: { userId: 'owner' }, keyId: secret })
    expect((await second.account.getSession({})).person).toBeUndefined()

    const { cookie } = first.jar
    await first.account.signOut({})
    const { status } = await pageOf(front, { cookie }).api.listInputs({ userAppId: demo })
    expect(status?.code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
  })

  it('is worth nothing to another server, nor to another page', async () => {
    const { jar } = await signedIn('owner')
    const name = `marquee_session_${behind.port}`
    const { status } = await pageOf(behind, { cookie: `${name}=${jar.cookie.split('=')[1]}` }).api.listInputs({
      userAppId: demo,
    })
    expect(status?.code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
    const foreign = await fetch(`${front.url}/v2/users/owner/apps/demo/inputs`, {
      headers: { cookie: jar.cookie, origin: 'http://evil.example' },
    })
    expect(foreign.status).toBe(401)
  })

  it('keeps preferences here, and changes no password', async () => {
    const { account } = await signedIn('annotator')
    await account.putPreferences({ preferences: { keymap: 'clarifai' } })
    expect((await account.getPreferences({})).preferences).toEqual({ keymap: 'clarifai' })
    expect((await failure(account.changePassword({}))).code).toBe(Code.Unimplemented)
  })
})

/** A server that has the API, as Clarifai's, and nothing of ours: what it is asked of the API it asks of another. */
const clarifaiLike = async (url: string) => {
  const there = connect(url)
  const server = createServer().on('stream', (stream, headers) => {
    if (String(headers[':path']).startsWith('/marquee.')) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true })
      return
    }
    const asked = there.request(headers)
    let trailers: IncomingHttpHeaders = {}
    asked.on('response', (answer) => stream.respond(answer, { waitForTrailers: true }))
    asked.on('trailers', (sent) => {
      trailers = sent
    })
    stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    stream.pipe(asked).pipe(stream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    there.destroy()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

describe.each([['of our kind'], ['like Clarifai’s']])('the grid in front of a server %s', (kind) => {
  let plain: Awaited<ReturnType<typeof clarifaiLike>> | undefined
  let here = front
  beforeAll(async () => {
    plain = kind === 'of our kind' ? undefined : await clarifaiLike(behind.url)
    here = plain ? await TestServer.start({ UPSTREAM: plain.url }) : front
  }, 60_000)
  afterAll(async () => {
    plain?.close()
    if (plain) await here.remove()
  })

  it('shows the inputs, and counts what is drawn on them', async () => {
    const { studio, api } = await signedIn('owner', here)
    const all = await studio.listInputSummaries(demo)
    expect(all.total).toBe(all.inputs.length)
    expect(all.inputs.length).toBeGreaterThan(3)
    const [first] = all.inputs
    expect(first).toMatchObject({ place: 1, kind: 'image' })
    expect(first?.width).toBeGreaterThan(0)
    expect(first?.filename).not.toBe('')

    const info = { boundingBox: { topRow: 0.1, leftCol: 0.1, bottomRow: 0.2, rightCol: 0.2 } }
    const before = first?.regions ?? 0
    await api.postAnnotations({
      userAppId: demo,
      annotations: [{ inputId: first?.inputId ?? '', data: { regions: [{ regionInfo: info }] } }],
    })
    const after = await studio.listInputSummaries({ ...demo, perPage: 1 })
    expect(after.inputs.map(({ regions }) => regions)).toEqual([before + 1])
    expect(after.total).toBe(all.total)
  })

  it('finds by name, by labels, and the page around an input', async () => {
    const { studio } = await signedIn('owner', here)
    const all = (await studio.listInputSummaries(demo)).inputs
    const last = all.at(-1)
    const byName = await studio.listInputSummaries({ ...demo, text: last?.filename.toUpperCase() ?? '' })
    expect(byName.inputs.map(({ inputId }) => inputId)).toContain(last?.inputId)
    const around = await studio.listInputSummaries({ ...demo, perPage: 2, aroundInputId: last?.inputId ?? '' })
    expect(around.inputs.map(({ inputId }) => inputId)).toContain(last?.inputId)
    expect(around.page).toBe(Math.ceil(all.length / 2))
    const labelled = await studio.listInputSummaries({ ...demo, labelled: Labelled.YES })
    const unlabelled = await studio.listInputSummaries({ ...demo, labelled: Labelled.NO })
    expect(labelled.total).toBeGreaterThan(0)
    expect(labelled.total + unlabelled.total).toBe(all.length)
    const { inputId } = await studio.findUnlabelled({ ...demo, fromInputId: all[0]?.inputId ?? '' })
    expect(unlabelled.inputs.map((input) => input.inputId)).toContain(inputId)
  })

  it('lists what somebody has been given to label, and what waits for a verdict', async () => {
    const owner = await signedIn('owner', here)
    const annotator = await signedIn('annotator', here)
    const inputs = (await owner.studio.listInputSummaries(demo)).inputs.slice(-2).map(({ inputId }) => inputId)
    const given = inputs.map((inputId) => ({
      inputId,
      userId: 'annotator',
      status: { code: StatusCode.ANNOTATION_PENDING },
    }))
    const posted = (await owner.api.postAnnotations({ userAppId: demo, annotations: given })).annotations
    const todo = async () =>
      (await annotator.team.listWork(demo)).work.find(({ taskId }) => taskId === '')?.mine?.todo ?? 0
    const mine = async (state: WorkState) =>
      (await annotator.team.listWorkItems({ ...demo, workerIds: ['annotator'], state })).items
    expect(await todo()).toBe(2)
    const items = await mine(WorkState.OPEN)
    expect(items).toMatchObject(posted.map(({ id, inputId }) => ({ id, workerId: 'annotator', input: { inputId } })))

    const [first] = posted
    const opened = await annotator.team.openWork({ ...demo, itemId: first!.id, inputId: first!.inputId })
    expect(opened.item).toMatchObject({ id: first!.id, input: { inputId: first!.inputId } })
    const gone = annotator.team.openWork({ ...demo, itemId: 'nothing', inputId: first!.inputId })
    expect((await failure(gone)).code).toBe(Code.NotFound)
    const moved = { inputId: first!.inputId, id: first!.id, status: { code: StatusCode.ANNOTATION_AWAITING_REVIEW } }
    const patch = { userAppId: demo, action: 'merge', annotations: [moved] }
    expect((await annotator.api.patchAnnotations(patch)).status?.code).toBe(StatusCode.SUCCESS)
    expect(await todo()).toBe(1)
    expect((await mine(WorkState.WAITING)).map(({ id }) => id)).toEqual([first!.id])
    const { items: waiting } = await owner.team.listWorkItems({ ...demo, reviewable: true })
    expect(waiting.map(({ id }) => id)).toEqual([first!.id])
    await owner.api.deleteAnnotations({ userAppId: demo, inputIds: inputs, ids: posted.map(({ id }) => id) })
  })

  it('filters by all that the grid knows where the upstream does, and says where it does not', async () => {
    const { studio, api } = await signedIn('owner', here)
    const [, second] = (await studio.listInputSummaries({ ...demo, perPage: 2 })).inputs
    const inputId = second?.inputId ?? ''
    await api.postAnnotations({
      userAppId: demo,
      annotations: [{ inputId, data: { concepts: [{ id: 'rare', value: 1 }] } }],
    })
    const asked = studio.listInputSummaries({ ...demo, query: { conceptId: 'rare' } })
    if (plain) expect((await failure(asked)).rawMessage).toContain('query: not where')
    else expect((await asked).inputs.map((input) => input.inputId)).toEqual([inputId])
  })
})

describe('the app’s own service where the server forwards', () => {
  it('shows the upstream’s pictures to that person only', async () => {
    const { studio, jar } = await signedIn('annotator')
    const [input] = (await studio.listInputSummaries({ ...demo, perPage: 1 })).inputs
    const get = (address: string, cookie: string) => fetch(front.url + address, { headers: { cookie } })
    for (const address of [input?.imageUrl ?? '', input?.thumbnailUrl ?? '']) {
      const picture = await get(address, jar.cookie)
      expect(picture.status).toBe(200)
      expect(picture.headers.get('content-type')).toMatch(/^image\//)
      expect((await picture.arrayBuffer()).byteLength).toBe(Number(picture.headers.get('content-length')))
      const headers = { cookie: jar.cookie, range: 'bytes=10-19' }
      const part = await fetch(front.url + address, { headers })
      expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10])
      expect((await get(address, '')).status).toBe(401)
      expect((await get(address, (await signedIn('owner')).jar.cookie)).status).toBe(404)
      expect((await get(address.replace(/signature=.{4}/, 'signature=AAAA'), jar.cookie)).status).toBe(404)
    }
    const elsewhere = Buffer.from('http://169.254.169.254/latest/meta-data').toString('base64url')
    expect((await get(`/media/upstream/${elsewhere}?signature=x`, jar.cookie)).status).toBe(404)
  })

  it('brings back what was deleted where the upstream can', async () => {
    const { studio, api } = await signedIn('owner')
    const inputId = (await studio.listInputSummaries({ ...demo, perPage: 1 })).inputs[0]?.inputId ?? ''
    const posted = await api.postAnnotations({
      userAppId: demo,
      annotations: [{ inputId, data: { concepts: [{ id: 'boat', value: 1 }] } }],
    })
    const annotationId = posted.annotations[0]?.id ?? ''
    await api.deleteAnnotation({ userAppId: demo, inputId, annotationId })
    const { restored } = await studio.restoreAnnotations({ ...demo, annotations: [{ inputId, annotationId }] })
    expect(restored).toHaveLength(1)
  })

  it('lists the work of a team where the upstream does, its pictures under addresses of this server', async () => {
    const { team, api, office, jar } = await signedIn('owner')
    const order = { inputId: (await api.listInputs({ userAppId: demo, perPage: 1 })).inputs[0]?.id ?? '', id: 'order' }
    const annotations = [{ ...order, userId: 'annotator', status: { code: StatusCode.ANNOTATION_PENDING } }]
    expect((await api.postAnnotations({ userAppId: demo, annotations })).status?.code).toBe(StatusCode.SUCCESS)
    const { items, total } = await team.listWorkItems(demo)
    expect(total).toBe(1)
    expect(items).toMatchObject([{ id: 'order', workerId: 'annotator', input: { inputId: order.inputId } }])
    const { changes } = await office.listActivity(demo)
    for (const input of [items[0]?.input, changes.find(({ input }) => input)?.input]) {
      const picture = await fetch(front.url + input?.thumbnailUrl, { headers: { cookie: jar.cookie } })
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp'])
    }
  })

  it('tells rights as the upstream does', async () => {
    const { studio } = await signedIn('annotator')
    expect((await failure(studio.listInputSummaries({ userId: 'owner', appId: 'nothing' }))).code).toBe(Code.NotFound)
    const { studio: nobody } = pageOf(front, { cookie: '' })
    expect((await failure(nobody.listInputSummaries(demo))).code).toBe(Code.Unauthenticated)
  })
})

describe('pages of other origins', () => {
  it('work through a server that lists them, with a key', async () => {
    const open = await TestServer.start({ UPSTREAM: behind.url, CORS_ORIGINS: 'https://tool.example' })
    try {
      const address = `${open.url}/clarifai.api.V2/ListInputs`
      const preflight = await fetch(address, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://tool.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-grpc-web,x-user-agent',
        },
      })
      expect(preflight.headers.get('access-control-allow-origin')).toBe('https://tool.example')
      const called = await fetch(`${open.url}/v2/users/owner/apps/demo/inputs`, {
        headers: { origin: 'https://tool.example', authorization: `Key ${behind.credentials('owner').pat}` },
      })
      expect(called.headers.get('access-control-allow-origin')).toBe('https://tool.example')
      expect(called.status).toBe(200)
    } finally {
      await open.remove()
    }
  })
})
