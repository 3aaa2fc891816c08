import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Who } from '#e2e/server.ts'
import { type ApiClient, grpcOfficial } from './clients.ts'
import { Bench, box, concept, startEmbedded, type Target } from './target.ts'

// api.md §5.4 with decisions §7, as the official client meets it: every state of an annotation that a labeler drew in a
// reviewed task, patched to every other by everybody. What is not in the table is refused, and changes nothing.

const [DONE, TO_DO, WAITS, DENIED, WAITS_FOR_OTHERS] = [24150, 24151, 24157, 24158, 24159] as const
type State = typeof DONE | typeof TO_DO | typeof WAITS | typeof DENIED | typeof WAITS_FOR_OTHERS
const states: readonly State[] = [DONE, TO_DO, WAITS, DENIED, WAITS_FOR_OTHERS]
const people: readonly Who[] = ['annotator', 'annotator-2', 'reviewer', 'owner']

interface Assignment {
  readonly id: string
  readonly input: { readonly id: string }
  readonly worker: { readonly user: { readonly id: string } }
}
const region = { region_info: box(0.1, 0.1, 0.5, 0.5), data: { concepts: [concept('car')] } }

type Reached = Exclude<State, typeof WAITS_FOR_OTHERS>

/** Verdicts and Reopen of reviewers and owner, and the author's Unsubmit. Submit goes by the assignment, never by a patch. */
const allowed: readonly string[] = [
  ...(['reviewer', 'owner'] as const).flatMap((who) => [
    `${WAITS} ${who} ${DONE}`,
    `${WAITS} ${who} ${TO_DO}`,
    `${WAITS} ${who} ${DENIED}`,
    `${DONE} ${who} ${TO_DO}`,
  ]),
  `${WAITS} annotator ${TO_DO}`,
]

interface Cell {
  readonly from: Reached
  readonly who: Who
  readonly to: State
}
const cells: readonly Cell[] = ([DONE, WAITS, DENIED, TO_DO] as const).flatMap((from) =>
  people.flatMap((who) => states.filter((to) => to !== from).map((to) => ({ from, who, to }))),
)

describe('states of an annotation in a reviewed task, patched by the official client', () => {
  let target: Target
  let client: ApiClient
  let bench: Bench
  let task: string
  let drawn: readonly { readonly id: string; readonly input_id: string }[]

  beforeAll(async () => {
    target = await startEmbedded()
    client = grpcOfficial(target.port)
    bench = await Bench.make(target, client)
    const { collaborators } = (await bench.ok('ListCollaborators', {})) as unknown as {
      collaborators: { id: string; scopes: string[] }[]
    }
    await bench.ok('PatchCollaborators', {
      action: 'merge',
      collaborators: collaborators.map(({ id, scopes }) => ({
        id,
        scopes: [...scopes, 'Tasks_Get', 'Datasets_Get', 'SavedSearch_Get'],
      })),
    })
    const inputs = await bench.inputs(cells.length)
    const workers = [{ user: { id: 'annotator' } }, { user: { id: 'annotator-2' } }]
    const work = { type: 2, input_source: { type: 1 }, worker: { strategy: 3, workers } }
    const review = { strategy: 2, users: [{ id: 'reviewer' }] }
    const made = await bench.ok('PostTasks', { tasks: [{ name: 'cars', ...work, review }] })
    task = (made.tasks as unknown as { id: string }[])[0]!.id
    const task_id = task
    const posted = inputs.map((input_id) => ({ input_id, task_id, data: { regions: [region] } }))
    drawn = await bench.post(posted, 'annotator')
    const put = async (who: Who, action: number, config: string, items: readonly Assignment[]) =>
      (
        await bench.ok(
          'PutTaskAssignments',
          {
            task_id,
            action,
            ...(items.length > 0 && { [config]: { task_assignments: items.map(({ id }) => ({ id })) } }),
          },
          who,
        )
      ).task_assignments as unknown as Assignment[]
    const fromOf = ({ input }: Assignment) => cells[inputs.indexOf(input.id)]!.from
    const submitted: Assignment[] = []
    for (;;) {
      const next = (await put('annotator', 1, 'label_start_config', [])).filter((one) => fromOf(one) !== TO_DO)
      if (next.length === 0) break // ten at a time, in the order of the inputs
      submitted.push(...(await put('annotator', 2, 'label_submit_config', next)))
    }
    const worked = (from: Reached) => submitted.filter((one) => fromOf(one) === from)
    await put('reviewer', 13, 'review_reject_config', worked(DENIED))
    await put('reviewer', 11, 'review_approve_config', worked(DONE))
  }, 60_000)
  afterAll(async () => {
    client.close()
    await target.stop()
  })

  const stateOf = async (n: number) => (await bench.get(drawn[n]!.input_id, drawn[n]!.id)).status.code

  it('were brought about by Submit, Reject and Approve', async () => {
    expect(await Promise.all(cells.map((_, n) => stateOf(n)))).toEqual(cells.map(({ from }) => from))
  })

  it.each(cells.map((cell, n) => ({ ...cell, n })))('$from, patched by $who to $to', async ({ from, who, to, n }) => {
    const { id, input_id } = drawn[n]!
    const annotations = [{ id, input_id, status: { code: to } }]
    const answer = await bench.call('PatchAnnotations', { action: 'merge', annotations }, who)
    const item = (answer.annotations as unknown as { status: { code: number } }[])[0]
    const may = allowed.includes(`${from} ${who} ${to}`)
    expect([item?.status.code, await stateOf(n)]).toEqual(may ? [to, to] : [24156, from])
  })

  it('nothing is unsubmitted that a reviewer has opened', async () => {
    const n = cells.findIndex(({ from, who, to }) => from === WAITS && who === 'annotator' && to === DONE)
    await bench.ok('PutTaskAssignments', { task_id: task, action: 10 }, 'reviewer')
    const { id, input_id } = drawn[n]!
    const annotations = [{ id, input_id, status: { code: TO_DO } }]
    const answer = await bench.call('PatchAnnotations', { action: 'merge', annotations }, 'annotator')
    expect([answer.status.code, await stateOf(n)]).toEqual([10020, WAITS])
  })
})
