import { equals, fromBinary, fromJson, toBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPythonTools } from '#e2e/python.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { answerOf, rest } from './clients.ts'
import { OfficialPython } from './officialPython.ts'
import { programOf } from './seedExample.ts'
import { examples } from './seedExamples.ts'
import { Bench, startOverTls, type Target } from './target.ts'

// The programs of the seed page as it prints them, with the official Python message and stub classes (decisions §34).

const tools = findPythonTools()
const why = typeof tools === 'string' ? ` (skipped: ${tools})` : ''

describe.skipIf(typeof tools === 'string')(`the programs of the seed page, in Python over TLS${why}`, () => {
  let target: Target
  let python: OfficialPython
  let shared: Bench
  beforeAll(async () => {
    target = await startOverTls()
    if (typeof tools !== 'string') python = new OfficialPython(tools, target.port, target.certificate!)
    shared = await Bench.make(target, rest(target.url))
  }, 90_000)
  afterAll(async () => {
    python?.stop()
    await target?.stop()
  })

  it.each(examples.map((example, index) => [example.heading, index] as const))('%s', async (_, index) => {
    const example = examples[index]!
    const bench = example.fresh ? await Bench.make(target, rest(target.url)) : shared
    const fill = await example.prepare(bench)
    const named = { USER_ID: 'owner', PAT: target.key('owner'), APP_ID: bench.app }
    const ran = await python.run(programOf(example, index), { ...named, ...fill })
    expect(ran.error).toBeNull()
    expect(ran.calls.map(([method]) => method)).toEqual([example.method])
    const [, sent, received] = ran.calls[0]!
    const { input, output } = V2.methods.find(({ name }) => name === example.method)!
    // what the other protocols send is what the page sends
    const translated = { user_app_id: { user_id: 'owner', app_id: bench.app }, ...example.request(fill) }
    const overWire = toBinary(input, fromJson(input, translated)) // float32
    expect(equals(input, fromBinary(input, sent), fromBinary(input, overWire))).toBe(true)
    await example.check(bench, answerOf(output, fromBinary(output, received)), fill)
    if (example.method === 'ListAnnotations') expect(ran.printed).toContain('input_id: "')
  })

  it('a wrong key raises what the page says: the description of the status', async () => {
    const fill = { USER_ID: 'owner', PAT: 'wrong', APP_ID: shared.app }
    const ran = await python.run(programOf(examples[7]!, 7), fill)
    const text = 'List annotations failed, status: Invalid API key or Invalid API key/application pair'
    expect(ran.error).toContain(`Exception: ${text}`)
    expect(ran.printed).toContain('code: CONN_KEY_INVALID')
  })
})
