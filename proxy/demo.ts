import { createHash, randomBytes } from 'node:crypto'
import { promises as files } from 'node:fs'
import path from 'node:path'
import { create } from '@bufbuild/protobuf'
import {
  AppSchema,
  CollaboratorSchema,
  ConceptSchema,
  DataSchema,
  ImageSchema,
  InputSchema,
  KeySchema,
  UserAppIDSetSchema,
  UserSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  PostAppsRequestSchema,
  PostCollaboratorsRequestSchema,
  PostConceptsRequestSchema,
  PostInputsRequestSchema,
  PostKeysRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Status } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { palette } from '#model/concept.ts'
import { appMethods } from '#proxy/service/apps.ts'
import { conceptMethods } from '#proxy/service/concepts/concepts.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { innerCall, innerCaller } from '#proxy/service/innerCall.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { collaboratorMethods } from '#proxy/service/people/collaborators.ts'
import { keyMethods } from '#proxy/service/people/keys.ts'
import { hashPassword } from '#proxy/service/people/passwords.ts'
import { addPerson } from '#proxy/service/people/users.ts'
import { accountById, isEmptyDatabase, setPasswordHash } from '#proxy/store/accounts.ts'
import { metaValue, setMeta } from '#proxy/store/meta.ts'
import { DEMO_CONCEPTS, DEMO_PHOTOS } from './demoContent.ts'

const OWNER = 'owner'
const APP = 'demo'
const PEOPLE = [
  { id: OWNER, firstName: 'Olivia', lastName: 'Owner' },
  { id: 'annotator', firstName: 'Ana', lastName: 'Annotator' },
  { id: 'annotator-2', firstName: 'Ben', lastName: 'Annotator' },
  { id: 'reviewer', firstName: 'Rosa', lastName: 'Reviewer' },
] as const

export type DemoKeys = Readonly<Record<string, { readonly pat: string; readonly password: string }>>

/**
 * On an empty database makes the people, the app and the photos of the demo, through the service like anybody else.
 * Passwords and tokens are random and stand, once it is done, in `dataDir/demo-keys.json` (mode 600).
 * If it was interrupted, the next start finishes it; a database that has people of its own is left alone.
 * @returns the keys when it made (or finished) the demo now
 */
export async function ensureDemo(deps: Deps, { dataDir }: { dataDir: string }): Promise<DemoKeys | undefined> {
  const begun = (await metaValue(deps.store.read, 'demo')) === 'making'
  if (!begun && !(await isEmptyDatabase(deps.store.read))) return undefined
  await setMeta(deps.store.write, 'demo', 'making')
  const keys: Record<string, { pat: string; password: string }> = {}
  for (const person of PEOPLE) keys[person.id] = await makePerson(deps, person)
  await makeApp(deps)
  await makeInputs(deps)
  await writeKeys(path.join(dataDir, 'demo-keys.json'), keys)
  await setMeta(deps.store.write, 'demo', 'made')
  return keys
}

const ownerCall = () => innerCall(innerCaller(OWNER))
const userAppId = create(UserAppIDSetSchema, { userId: OWNER, appId: APP })

async function makePerson(deps: Deps, person: (typeof PEOPLE)[number]): Promise<{ pat: string; password: string }> {
  const password = randomBytes(9).toString('base64url')
  if (await accountById(deps.store.read, person.id))
    await setPasswordHash(deps.store.write, person.id, await hashPassword(password))
  else await addPerson(deps, { ...person, password })
  const key = create(KeySchema, { type: 'personal_access_token', description: 'Demo', scopes: ['All'] })
  const request = create(PostKeysRequestSchema, {
    userAppId: create(UserAppIDSetSchema, { userId: person.id }),
    keys: [key],
  })
  const answer = await keyMethods.postKeys(request, innerCall(innerCaller(person.id)), deps)
  const pat = answer.keys[0]?.id
  if (!pat) throw new Error('the demo got no personal access token')
  return { pat, password }
}

async function makeApp(deps: Deps): Promise<void> {
  const app = create(AppSchema, {
    id: APP,
    name: 'Demo',
    description: 'Ten public-domain photographs to try things on',
  })
  const owner = create(UserAppIDSetSchema, { userId: OWNER })
  await unlessThere(() =>
    appMethods.postApps(create(PostAppsRequestSchema, { userAppId: owner, apps: [app] }), ownerCall(), deps),
  )
  const collaborators = PEOPLE.filter(({ id }) => id !== OWNER).map(({ id }) =>
    create(CollaboratorSchema, { user: create(UserSchema, { id }) }),
  )
  for (const collaborator of collaborators) {
    const request = create(PostCollaboratorsRequestSchema, { userAppId, collaborators: [collaborator] })
    await unlessThere(() => collaboratorMethods.postCollaborators(request, ownerCall(), deps))
  }
  for (const [i, id] of DEMO_CONCEPTS.entries()) {
    const concept = create(ConceptSchema, {
      id,
      name: id,
      metadata: { marquee: { order: i, color: palette[i % palette.length] ?? '' } },
    })
    const request = create(PostConceptsRequestSchema, { userAppId, concepts: [concept] })
    await unlessThere(() => conceptMethods.postConcepts(request, ownerCall(), deps))
  }
}

async function makeInputs(deps: Deps): Promise<void> {
  for (const photo of DEMO_PHOTOS) {
    const bytes = await files.readFile(photo.file)
    const input = create(InputSchema, {
      id: createHash('sha256').update(photo.filename).digest('hex').slice(0, 32),
      data: create(DataSchema, {
        image: create(ImageSchema, { base64: bytes }),
        metadata: { filename: photo.filename, source: photo.source },
      }),
    })
    const request = create(PostInputsRequestSchema, { userAppId, inputs: [input] })
    await unlessThere(() => inputMethods.postInputs(request, ownerCall(), deps))
  }
}

const TAKEN: ReadonlySet<StatusCode> = new Set([
  StatusCode.DATABASE_DUPLICATE_KEY,
  StatusCode.CONCEPTS_INVALID_REQUEST,
  StatusCode.INPUT_DUPLICATE,
])

/** Makes something; what an interrupted attempt has made already is fine. @throws Error for every other refusal */
async function unlessThere(make: () => Promise<{ status?: Status | undefined }>): Promise<void> {
  const refusal = (status: Partial<Status> | undefined, item?: { status?: Status | undefined }) => {
    const code = item?.status?.code ?? status?.code
    if (code === undefined || TAKEN.has(code)) return
    throw new Error(`the demo could not be made: ${code} ${item?.status?.details || status?.details || ''}`)
  }
  let answer: { status?: Status | undefined; inputs?: readonly { status?: Status | undefined }[] }
  try {
    answer = await make()
  } catch (error) {
    const { code, details } = error as { code?: StatusCode; details?: string }
    if (code !== undefined && TAKEN.has(code)) return
    throw details === undefined ? error : new Error(`the demo could not be made: ${code} ${details}`, { cause: error })
  }
  if (answer.status?.code !== StatusCode.SUCCESS) refusal(answer.status, answer.inputs?.[0])
}

/** Written whole or not at all, readable by the operator only. */
async function writeKeys(file: string, keys: DemoKeys): Promise<void> {
  const temporary = `${file}.new`
  await files.writeFile(temporary, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  await files.rename(temporary, file)
}
