import { create } from '@bufbuild/protobuf'
// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where vitest is at home
import { expect } from 'vitest'
import { RestoreInputsRequestSchema } from '#gen/marquee/v1/marquee_pb.ts'
import {
  DeleteCollaboratorsRequestSchema,
  DeleteInputsRequestSchema,
  DeleteTasksRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { aBox } from '#proxy/service/annotations/annotationTesting.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { collaboratorMethods } from '#proxy/service/people/collaborators.ts'
import { studioMethods } from '#proxy/service/studio/studio.ts'
import { teamBy } from '#proxy/service/team/teamTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import type { Store } from '#proxy/store/open.ts'
import { type AssignmentRow, standingAssignments } from '#proxy/store/taskAssignments.ts'
import { reviewRules } from './taskDraft.ts'
import { storedTask } from './taskInUse.ts'
import { checkEdges, checkMove, codeOf, failureOf, goneCodes, itemOf, stateOf } from './taskMachineChecks.ts'
import { done, labelers, open, others, rejected, review, type Setup, type Step, type Who } from './taskMachineSteps.ts'
import { taskMethods } from './tasks.ts'
import { aTask, aTaskWorld, reviewedBy, type Seen, type TaskWorld, userAppId, workedBy } from './taskTesting.ts'

/** Whether each item of an answer is what a state allows, written out by hand: state → action → states it may lead to. */
export const verdictOf = { approve: done, changes: open, reject: rejected } as const

export class Machine {
  readonly #store: Store
  readonly #world: TaskWorld
  #setup: Setup
  readonly #taskId: string
  readonly #left = new Set<Who>()
  #workers: readonly Who[] = labelers
  #drawn = 0

  constructor(store: Store, world: TaskWorld, setup: Setup, taskId: string) {
    this.#store = store
    this.#world = world
    this.#setup = setup
    this.#taskId = taskId
  }

  static async make(store: Store, setup: Setup): Promise<Machine> {
    const world = await aTaskWorld(store, setup.inputs)
    const people = [...labelers]
    const threshold = setup.strategy === 'partitioned' ? Math.min(setup.labelers, 2) : setup.labelers
    const task = await world.who('owner').task(
      aTask('full', [], {
        worker: workedBy(setup.strategy, people, { type: 1, workersPerInput: 2 }),
        review: reviewedBy(setup.review, setup.review === 'none' ? [] : ['r0', 'r1'], {
          ...(setup.review === 'manual' && {
            manual: { samplePercentage: setup.sample, approvalThreshold: setup.all ? -1 : 1 },
          }),
          ...(setup.review === 'consensus' && {
            consensus: { approvalThresholdLabelers: threshold, approvalThresholdReviewers: setup.all ? -1 : 0 },
          }),
        }),
      }),
    )
    return new Machine(store, world, setup, task.id)
  }

  #standing(): Promise<AssignmentRow[]> {
    return standingAssignments(this.#store.read, this.#world.app, this.#taskId)
  }

  #allRows(): Promise<AssignmentRow[]> {
    return this.#store.read.selectFrom('task_assignment').selectAll().orderBy('place').orderBy('id').execute()
  }

  async #picked(number: number): Promise<AssignmentRow | undefined> {
    const rows = await this.#allRows()
    return rows[number % Math.max(1, rows.length)]
  }

  async run(step: Step): Promise<void> {
    const before = await this.#standing()
    await this.#do(step)
    await this.#check(before, step)
  }

  async #do(step: Step): Promise<void> {
    if ('who' in step && typeof step.who === 'string' && this.#left.has(step.who))
      return void expect(await codeOf(this.#world.who(step.who).start(this.#taskId))).toBe(11101)
    switch (step.do) {
      case 'wait':
        return this.#world.clock.wait(step.seconds)
      case 'start':
        return this.#start(step.who)
      case 'startReview':
        return this.#startReview(step.who)
      case 'draw':
        return this.#draw(step.who, step.pick, step.concept)
      case 'takeBack':
        return this.#takeBack(step.who, step.pick)
      case 'race':
        return this.#race(step.pick)
      case 'workers':
        return this.#setWorkers(step.who.filter((one) => !this.#left.has(one)))
      case 'leave':
        return this.#leave(step.who)
      case 'skip':
        return this.#skip(step.who, step.pick)
      case 'open':
        return this.#open(step.who, step.pick)
      case 'submit':
        return this.#submit(step.who, step.pick)
      case 'startBoth':
        return this.#startBoth()
      case 'rest':
      case 'taskGone':
      case 'inputGone':
        return this.#gone(step.do, step.pick)
      default:
        return this.#verdict(step.do, step.who, step.pick)
    }
  }

  async #start(who: Who): Promise<void> {
    const items = await codeOf(this.#world.who(who).start(this.#taskId))
    if (!this.#workers.includes(who)) return void expect(items).toBe(54103)
    for (const item of items as Seen[]) expect(item).toMatchObject({ worker: who, code: open })
  }

  /** Two labelers ask at once: nobody gets what the other has. */
  async #startBoth(): Promise<void> {
    const [one, other] = this.#workers
    if (one === undefined || other === undefined) return
    const [mine, theirs] = await Promise.all([one, other].map((who) => this.#world.who(who).start(this.#taskId)))
    const ids = new Set(mine!.map(({ id }) => id))
    expect(theirs!.filter(({ id }) => ids.has(id))).toEqual([])
    if (this.#setup.strategy !== 'dynamic' || this.#setup.review === 'consensus') return
    const inputs = new Set(mine!.map(({ input }) => input))
    expect(theirs!.filter(({ input }) => inputs.has(input))).toEqual([])
  }

  /** The task rests or is deleted, or an input is, in the middle of work: everybody is told, and then all is as it was. */
  async #gone(what: 'rest' | 'taskGone' | 'inputGone', number: number): Promise<void> {
    const row = await this.#picked(number)
    if (!row || row.withdrawn_at !== null) return
    const before = (await this.#standing()).map(stateOf)
    const undo = await this.#takeAway(what, row.input_id)
    const worker = row.worker_id as Who
    if (this.#workers.includes(worker)) {
      const [item, failed] = await itemOf(this.#world.who(worker).submit(this.#taskId, row.id))
      expect(failed ?? item!.code, `submit while ${what}`).toBe(goneCodes[what])
    }
    const [item, failed] = await itemOf(this.#world.who('owner').approve(this.#taskId, row.id))
    expect(failed ?? item!.code, `approve while ${what}`).toBe(goneCodes[what])
    await undo()
    expect((await this.#standing()).map(stateOf)).toEqual(before)
  }

  async #takeAway(what: 'rest' | 'taskGone' | 'inputGone', inputId: string): Promise<() => Promise<unknown>> {
    const { deps } = this.#world
    const owner = callBy('owner')
    if (what === 'rest') {
      const pause = (paused: boolean) =>
        this.#world.who('owner').patchTasks('overwrite', { id: this.#taskId, metadata: { marquee: { paused } } })
      await pause(true)
      return () => pause(false)
    }
    if (what === 'taskGone') {
      const request = create(DeleteTasksRequestSchema, { userAppId, ids: [this.#taskId] })
      await taskMethods.deleteTasks(request, owner, deps)
      return () => teamBy(deps, 'owner').restore(this.#taskId)
    }
    await inputMethods.deleteInputs(create(DeleteInputsRequestSchema, { userAppId, ids: [inputId] }), owner, deps)
    const back = create(RestoreInputsRequestSchema, { userId: 'owner', appId: 'demo', inputIds: [inputId] })
    return () => studioMethods.restoreInputs(back, owner, deps)
  }

  async #startReview(who: Who): Promise<void> {
    const items = await codeOf(this.#world.who(who).startReview(this.#taskId))
    if (!this.#mayReview(who)) return void expect(items).toBe(54103)
    for (const item of items as Seen[]) {
      expect(item.code).toBe(review)
      expect(item.worker).not.toBe(who)
    }
  }

  #mayReview(who: Who): boolean {
    return who === 'owner' || (this.#setup.review !== 'none' && (who === 'r0' || who === 'r1'))
  }

  async #draw(who: Who, number: number, concept: string): Promise<void> {
    const row = await this.#picked(number)
    if (!row) return
    const mine = (await this.#standing()).find((one) => one.input_id === row.input_id && one.worker_id === who)
    const answer = await this.#world
      .who(who)
      .post({ ...aBox(row.input_id, `a${this.#drawn++}`, [concept]), taskId: this.#taskId })
    const code = answer.annotations[0]!.status!.code
    if (mine && (mine.status_code === open || mine.status_code === rejected)) expect(code).toBe(24151)
    else if (mine) expect(code).toBe(this.#setup.review === 'none' ? 24150 : 24156)
    else expect([24151, 24156]).toContain(code)
  }

  async #submit(who: Who, number: number): Promise<void> {
    const row = await this.#picked(number)
    if (!row) return
    const [item, failed] = await itemOf(this.#world.who(who).submit(this.#taskId, row.id))
    if (!this.#workers.includes(who)) return void expect(failed).toBe(54103)
    if (row.worker_id !== who) return void expect(item!.code).toBe(54103)
    if (row.withdrawn_at !== null) return void expect([54100, done, review, others]).toContain(item!.code)
    if (row.status_code === open) expect(this.#targets(row)).toContain(item!.code)
    else if (row.status_code === rejected) expect(item!.code).toBe(review)
    else expect(item!.code).toBe(row.status_code)
  }

  /** Where submitting open work may lead. */
  #targets(row: AssignmentRow): number[] {
    const { review: strategy, labelers: threshold, sample } = this.#setup
    if (strategy === 'none') return [done]
    if (row.round > 0) return [review]
    if (strategy === 'manual') return sample === 1 ? [review] : [review, done]
    if (threshold === 0) return [review]
    return threshold === 1 ? [done] : [done, review, others]
  }

  async #verdict(action: 'approve' | 'changes' | 'reject', who: Who, number: number): Promise<void> {
    const row = await this.#picked(number)
    if (!row) return
    const [item, failed] = await itemOf(this.#say(action, who, row.id))
    if (!this.#mayReview(who)) return void expect(failed).toBe(54103)
    const to = verdictOf[action]
    if (action === 'approve' && item!.details.includes('the answer of')) return this.#checkAnswered(row)
    if (row.withdrawn_at !== null) expect(item!.code).toBe(11101)
    else if (row.worker_id === who) expect(item!.code).toBe(54103)
    else if (row.status_code === to) expect(item!.code).toBe(to)
    else if (row.status_code === review)
      expect(this.#setup.all && to === done ? [done, review] : [to]).toContain(item!.code)
    else if (row.status_code === done && to === open) expect([open, 54100]).toContain(item!.code)
    else expect(item!.code).toBe(54100)
  }

  /** A second answer on an input is not approved beside the first. */
  async #checkAnswered(row: AssignmentRow): Promise<void> {
    expect([this.#setup.review, row.status_code]).toEqual(['consensus', review])
    const beside = (await this.#standing()).filter((one) => one.input_id === row.input_id && one.status_code === done)
    expect(beside.length).toBeGreaterThan(0)
  }

  #say(action: 'approve' | 'changes' | 'reject', who: Who, id: string): Promise<Seen[]> {
    const client = this.#world.who(who)
    switch (action) {
      case 'approve':
        return client.approve(this.#taskId, id)
      case 'changes':
        return client.requestChanges(this.#taskId, id)
      case 'reject':
        return client.reject(this.#taskId, id)
    }
  }

  /** Two reviewers say different things at once: one wins, the other is told. */
  async #race(number: number): Promise<void> {
    const row = await this.#picked(number)
    if (!row || row.status_code !== review || row.withdrawn_at !== null || this.#setup.all || !this.#mayReview('r0'))
      return
    if (this.#left.has('r0') || this.#left.has('r1')) return
    const [[one], [other]] = await Promise.all([
      itemOf(this.#say('reject', 'r0', row.id)),
      itemOf(this.#say('approve', 'r1', row.id)),
    ])
    expect([one!.code, other!.code].filter((code) => code === 54100)).toHaveLength(1)
    expect([one!.details, other!.details].join('')).toMatch(/by "r[01]" already|on input "[^"]+" is approved already/)
  }

  /** A collaborator is removed: their open work is the others', and fewer are asked to agree if need be. */
  async #leave(who: Who): Promise<void> {
    if (this.#workers.length === 1 && this.#workers[0] === who) return
    const { app, deps } = this.#world
    const request = create(DeleteCollaboratorsRequestSchema, { userAppId, collaboratorIds: [`${app}-${who}`] })
    await collaboratorMethods.deleteCollaborators(request, callBy('owner'), deps)
    this.#left.add(who)
    this.#workers = this.#workers.filter((one) => one !== who)
    const row = await this.#store.read.selectFrom('task').selectAll().executeTakeFirstOrThrow()
    this.#setup = { ...this.#setup, labelers: reviewRules(storedTask(row)).labelers }
    for (const one of await this.#standing()) if (one.status_code === open) expect(one.worker_id).not.toBe(who)
  }

  async #skip(who: Who, number: number): Promise<void> {
    const row = await this.#picked(number)
    if (!row) return
    const asked = { taskId: this.#taskId, itemId: row.id, reason: 'dark' }
    const code = await failureOf(teamBy(this.#world.deps, who).skip(asked))
    const mine = row.worker_id === who
    if (!mine) expect(code).toBe(54103)
    else if (row.withdrawn_at !== null) expect(code).toBe(54100)
    else expect(code).toBe(row.status_code === open || row.status_code === rejected ? undefined : 54100)
  }

  async #open(who: Who, number: number): Promise<void> {
    const row = await this.#picked(number)
    if (!row) return
    const code = await failureOf(teamBy(this.#world.deps, who).open({ taskId: this.#taskId, itemId: row.id }))
    const begins = row.worker_id === who && (row.status_code === open || row.status_code === rejected)
    if (begins) expect(code).toBe(row.withdrawn_at === null ? undefined : 54100)
    else expect(code).toBe(row.worker_id === who || this.#mayReview(who) ? undefined : 54103)
  }

  async #takeBack(who: Who, number: number): Promise<void> {
    const row = await this.#picked(number)
    if (!row) return
    const all = await this.#world.who('owner').list({ inputIds: [row.input_id], userIds: [who], perPage: 1000 })
    const mine = all.find((annotation) => annotation.taskId === this.#taskId)
    if (!mine) return
    await this.#world.who(who).patch('merge', [{ inputId: mine.inputId, id: mine.id, status: { code: 24151 } }])
  }

  async #setWorkers(who: readonly Who[]): Promise<void> {
    if (who.length === 0) return
    const { strategy } = this.#setup
    const partition = { type: 1, workersPerInput: Math.min(2, who.length) } as const
    const [task] = (
      await this.#world
        .who('owner')
        .patchTasks('overwrite', { id: this.#taskId, worker: workedBy(strategy, who, partition) })
    ).tasks
    // fewer people than must agree are refused
    if (task!.status!.code === 54001) this.#workers = who
    else expect(task!.status!.details).toContain('cannot agree')
  }

  async #check(before: readonly AssignmentRow[], step: Step): Promise<void> {
    const rows = await this.#standing()
    const was = new Map(before.map((row) => [row.id, row]))
    for (const row of rows) checkMove(was.get(row.id), row, step)
    const pairs = rows.map((row) => `${row.input_id}/${row.worker_id}`)
    expect(new Set(pairs).size).toBe(pairs.length)
    await this.#checkInputs(rows)
    await this.#checkAnnotations(rows)
  }

  /** Nobody is missing who is not looked for, nobody waits for nobody. */
  async #checkInputs(rows: readonly AssignmentRow[]): Promise<void> {
    const inputs = await this.#store.read.selectFrom('task_input').selectAll().execute()
    const { strategy, review: how, labelers: threshold } = this.#setup
    for (const input of inputs) {
      const here = rows.filter((row) => row.input_id === input.input_id)
      if (strategy === 'dynamic') {
        const needed = how === 'consensus' ? Math.max(1, threshold) : 1
        expect(input.free).toBe(Math.max(0, Math.min(needed, this.#workers.length) - here.length))
        for (const row of here.filter((one) => one.status_code === open && one.round === 0))
          expect(row.lease_until).not.toBeNull()
      } else {
        expect(here.length).toBeGreaterThanOrEqual(strategy === 'full' ? this.#workers.length : 1)
      }
      if (here.some((row) => row.status_code === others))
        expect(input.free > 0 || here.some((row) => row.status_code === open)).toBe(true)
    }
  }

  /** What is in a piece of work is as far as the work itself. */
  async #checkAnnotations(rows: readonly AssignmentRow[]): Promise<void> {
    const annotations = await this.#store.read.selectFrom('annotation').selectAll().execute()
    const allowed: Record<number, number[]> = {
      [done]: [24150, 24158],
      [open]: [24151, 24150, 24158],
      [review]: [24157, 24150, 24158],
      [others]: [24159],
      [rejected]: [24158, 24150, 24151],
    }
    for (const row of rows)
      for (const made of annotations.filter((one) => one.input_id === row.input_id && one.user_id === row.worker_id))
        expect(allowed[row.status_code], `annotation in work ${row.status_code}`).toContain(made.status_code)
  }

  /** Those who are left finish everything, whoever else has gone for good. */
  async finish(): Promise<void> {
    const [first, second] = this.#workers
    await this.#setWorkers(second === undefined ? [first!] : [first!, second])
    this.#world.clock.wait(1000)
    for (let round = 0; round < 30; round++) {
      let busy = false
      for (const worker of this.#workers) {
        const items = await this.#world.who(worker).start(this.#taskId)
        if (items.length === 0) continue
        busy = true
        await this.#world.who(worker).submit(this.#taskId, ...items.map((item) => item.id))
      }
      const reviewers = (['r0', 'r1'] as const).filter((one) => !this.#left.has(one))
      for (const reviewer of this.#setup.review === 'none' || reviewers.length === 0 ? ['owner'] : reviewers) {
        const items = await this.#world.who(reviewer).startReview(this.#taskId)
        if (items.length === 0) continue
        busy = true
        for (const { id } of items) {
          const [answer] = await this.#world.who(reviewer).approve(this.#taskId, id)
          if (answer!.details.includes('the answer of')) await this.#world.who(reviewer).reject(this.#taskId, id)
        }
      }
      if (!busy) break
    }
    for (const row of await this.#standing()) expect([done, rejected]).toContain(row.status_code)
    const free = await this.#store.read.selectFrom('task_input').select('free').execute()
    expect(free.every((input) => input.free === 0)).toBe(true)
    await checkEdges(this.#store)
  }
}
