import { create } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { aBox, items, type SentAnnotation } from '#proxy/service/annotations/annotationTesting.ts'
import { checkEdges } from '#proxy/service/tasks/taskMachineChecks.ts'
import { aTaskWorld, type TaskWorld } from '#proxy/service/tasks/taskTesting.ts'
import { openMemoryStore } from '#proxy/store/memory.ts'
import { teamBy } from './teamTesting.ts'

// Random people ask for random moves of orders and of what belongs to them. Whatever is granted must be an edge of
// decisions §7 that this person may go, an order and its regions stay together, and at the end everything can be finished.

const [done, pending, review, denied, others] = [24150, 24151, 24157, 24158, 24159]
const labelers = ['w0', 'w1'] as const
const reviewers = ['r0', 'r1'] as const
const everybody = [...labelers, ...reviewers, 'owner'] as const
type Who = (typeof everybody)[number]

type Step =
  | { readonly do: 'move'; readonly by: Who; readonly of: (typeof labelers)[number]; readonly to: number }
  | { readonly do: 'open' | 'skip'; readonly by: Who; readonly of: (typeof labelers)[number] }
  | { readonly do: 'draw'; readonly of: (typeof labelers)[number] }
  | { readonly do: 'wait'; readonly seconds: number }

const by = fc.constantFrom<Who>(...everybody)
const of = fc.constantFrom(...labelers)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('move'),
      by,
      of,
      to: fc.constantFrom(done, pending, review, denied, others),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('open', 'skip'), by, of }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('draw'), of }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.integer({ min: 10, max: 200 }) }) },
)

const status = (code: number) => create(StatusSchema, { code: code as StatusCode })

class Orders {
  readonly #world: TaskWorld
  readonly #review: 'none' | 'manual' | 'consensus'
  #drawn = 0

  constructor(world: TaskWorld, how: 'none' | 'manual' | 'consensus') {
    this.#world = world
    this.#review = how
  }

  async give(): Promise<void> {
    for (const userId of labelers) {
      const annotationInfo = { marquee: { assignment: 'batch' } }
      const order: SentAnnotation = {
        inputId: 'i0',
        id: `o-${userId}`,
        userId,
        status: status(pending),
        annotationInfo,
      }
      await this.#world.who('owner').posted(order)
    }
  }

  async run(one: Step): Promise<void> {
    switch (one.do) {
      case 'wait':
        return this.#world.clock.wait(one.seconds)
      case 'draw':
        await this.#world.who(one.of).post({ ...aBox('i0', `${one.of}-${this.#drawn++}`), status: status(pending) })
        return
      case 'open':
      case 'skip':
        await this.#act(one.do, one.by, one.of)
        return
      default:
        return this.#move(one.by, one.of, one.to)
    }
  }

  async #act(what: 'open' | 'skip', who: Who, whose: string): Promise<void> {
    const asked = { inputId: 'i0', itemId: `o-${whose}`, reason: 'dark' }
    const team = teamBy(this.#world.deps, who)
    await (what === 'open' ? team.open(asked) : team.skip(asked)).catch(() => undefined)
  }

  /** The order and all that is as far as it, in one call, as clients do. */
  async #move(who: Who, whose: string, to: number): Promise<void> {
    const [from, ids] = await this.#together(whose)
    const patches = ids.map((id) => ({ inputId: 'i0', id, status: status(to) }))
    const beside = await this.#answered(whose)
    const answers = items(await this.#world.who(who).patch('merge', patches))
    const granted = answers.filter(({ code }) => code === to).length
    if (beside && from === review && to === done) return expect(granted).toBe(0)
    if (from === to) return
    if (granted > 0) expect(this.#may(who, whose, from, to), `${from} → ${to} of ${whose} by ${who}`).toBe(true)
    expect([0, ids.length]).toContain(granted)
  }

  async #together(whose: string): Promise<[number, string[]]> {
    const all = await this.#world.who('owner').list({ inputIds: ['i0'], userIds: [whose], perPage: 1000 })
    const order = all.find(({ id }) => id === `o-${whose}`)!
    const code = order.status!.code
    const same = all.filter((annotation) => annotation.status!.code === code && !annotation.inputLevel)
    return [code, same.map(({ id }) => id)]
  }

  /** People who label apart give one answer: a second one is not approved beside it. */
  async #answered(whose: string): Promise<boolean> {
    if (this.#review !== 'consensus') return false
    const others = labelers.filter((who) => who !== whose)
    const states = await Promise.all(others.map(async (who) => (await this.#together(who))[0]))
    return states.includes(done)
  }

  /** decisions §7 by hand. */
  #may(who: Who, whose: string, from: number, to: number): boolean {
    const own = who === whose
    const judge = !own && (who === 'owner' || (reviewers as readonly string[]).includes(who))
    if (from === pending || from === denied) {
      const submit = { none: [done, review], manual: [review], consensus: [others, review] }[this.#review]
      return own && (from === denied ? to === review : [...submit, others].includes(to) && submit.includes(to))
    }
    if (from === review) return judge ? [done, pending, denied].includes(to) : own && to === pending
    return from === done && to === pending && judge
  }

  async finish(): Promise<void> {
    for (let round = 0; round < 6; round++) {
      for (const who of labelers) {
        const [from] = await this.#together(who)
        if (from === denied || (from === pending && this.#review === 'manual')) await this.#move(who, who, review)
        else if (from === pending) await this.#move(who, who, this.#review === 'none' ? done : others)
      }
      for (const who of labelers) if ((await this.#together(who))[0] === review) await this.#move('r0', who, done)
    }
    for (const who of labelers)
      expect((await this.#answered(who)) ? [done, review] : [done]).toContain((await this.#together(who))[0])
    await checkEdges(this.#world.deps.store)
  }
}

const runs = Number(process.env.TASK_RUNS ?? 60)

it(
  'moves orders with what belongs to them along the edges only, and never gets stuck',
  async () => {
    const how = fc.constantFrom('none' as const, 'manual' as const, 'consensus' as const)
    await fc.assert(
      fc.asyncProperty(how, fc.array(step, { minLength: 10, maxLength: 50 }), async (setting, steps) => {
        const store = await openMemoryStore()
        try {
          const orders = new Orders(await aTaskWorld(store, 1, { review: setting, reviewers: [...reviewers] }), setting)
          await orders.give()
          for (const one of steps) await orders.run(one)
          await orders.finish()
        } finally {
          await store.close()
        }
      }),
      { numRuns: runs },
    )
  },
  Math.max(60_000, runs * 2000),
)
