import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Flaw, History, type Move } from './outboxHistory.ts'

const key = fc.constantFrom('a', 'b')
const fate = fc.constantFrom('ok', 'lost request', 'lost reply', 'hang' as const)

/** Anything that can happen to a browser, a network, a server and a colleague. */
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('edit'), key, content: fc.option(fc.nat(5), { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit status'), key, status: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send'), key, fate }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('land'), pick: fc.nat(9), answered: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('give up'), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refetch'), key }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('colleague'),
      key,
      content: fc.option(fc.integer({ min: 100, max: 103 }), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decide'), key, how: fc.constantFrom('retry', 'discard') }) },
) as fc.Arbitrary<Move>

/** Plays a history, checks it after each move, drains it and checks the end. */
function play(moves: readonly Move[], flaw?: Flaw): void {
  const history = new History(flaw)
  for (const one of moves) {
    history.play(one)
    history.checkScreen()
  }
  history.drain()
  history.checkEnd()
}

const run = (flaw: Flaw | undefined, numRuns: number): fc.RunDetails<[Move[]]> =>
  fc.check(
    fc.property(fc.array(move, { maxLength: 60, size: 'max' }), (moves) => play(moves, flaw)),
    { numRuns, seed: 20_261_123 },
  )

describe('outbox', () => {
  it('shows the intent at every step, and ends with the intent on the server or a conflict on the screen', () => {
    const outcome = run(undefined, 40_000)
    expect(outcome.failed ? fc.defaultReportMessage(outcome) : 'holds').toBe('holds')
  }, 60_000)

  // the same property must notice each of these, else it proves nothing
  it.each<Flaw>([
    'cancels a create that may have left',
    'patches without comparing',
    'does not hold back after a doubtful delete',
    'forgets what was on the wire when it reloads',
    'deletes without settling a doubtful create',
  ])(
    'fails if the outbox %s',
    (flaw) => {
      expect(run(flaw, 20_000).failed).toBe(true)
    },
    60_000,
  )
})
