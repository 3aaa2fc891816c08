import { Eye, EyeOff } from 'lucide-react'
import { count } from '#app/messages.ts'
import panel from '#app/review/ReviewPanel.module.css'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { regionName } from '#app/workspace/regions/regionNames.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { PairAgreement } from '#gen/marquee/v1/team_pb.ts'
import { type Choice, type Group, mergedShape } from '#model/consensus.ts'
import type { Region } from '#model/region.ts'
import classes from './Consensus.module.css'
import type { PersonSign } from './personColors.ts'
import type { Vote } from './useSettling.tsx'

interface Props {
  people: readonly string[]
  signs: ReadonlyMap<string, PersonSign>
  nameOf: (userId: string) => string
  session: InputSession
  concepts: Concepts
  groups: readonly Group[]
  /** drawn by who settles */
  own: readonly Region[]
  votes: readonly Vote[]
  /** agreement of a region with the others, 0 … 1 */
  scores: ReadonlyMap<string, number>
  pairs: readonly PairAgreement[]
  choiceOf: (group: Group) => Choice
  onChoose: (group: Group, choice: Choice) => void
  onTakeAll: (worker: string) => void
  voteOf: (vote: Vote) => 'yes' | 'no' | 'none'
  onVote: (id: string, vote: 'yes' | 'no' | 'none') => void
  mayChoose: boolean
}

const percent = (share: number): string => `${Math.round(share * 100)}%`

export function Letter({ sign }: { sign: PersonSign | undefined }) {
  return (
    <span className={classes.letter} style={{ background: sign?.color }} aria-hidden>
      {sign?.letter ?? '?'}
    </span>
  )
}

/** Who drew in which colour, how far each agrees with the others, and whether theirs are shown. */
export function PeopleLegend(props: Props) {
  const { people, signs, nameOf, session, pairs, groups, onTakeAll, mayChoose } = props
  const { editor } = session
  const regions = useEditorState(editor, (state) => state.regions)
  const hidden = useEditorState(editor, (state) => state.hidden)
  return (
    <section className={panel.panel} aria-label="People">
      <h2 className={panel.title}>
        People <span className={panel.count}>{people.length}</span>
      </h2>
      <ul className={panel.rows}>
        {people.map((id) => {
          const keys = [...regions.values()].filter(({ madeBy }) => madeBy.id === id).map(({ key }) => key)
          const off = keys.length > 0 && keys.every((key) => hidden.has(key))
          const with_ = pairs.filter(({ a, b }) => a === id || b === id)
          const mean = with_.reduce((sum, { agreement }) => sum + agreement, 0) / Math.max(1, with_.length)
          return (
            <li key={id} className={panel.row}>
              <span className={classes.person}>
                <Letter sign={signs.get(id)} />
                <span className={classes.who}>
                  <span className={panel.clip}>{nameOf(id)}</span>
                  <span className={classes.facts} title="Regions, and how far this person agrees with the others">
                    {count(keys.length, 'region')} · {percent(mean)}
                  </span>
                </span>
              </span>
              <button
                type="button"
                className={classes.small}
                disabled={!mayChoose || groups.length === 0}
                title={`Choose everything ${nameOf(id)} drew, and nothing else`}
                onClick={() => onTakeAll(id)}
              >
                Take all
              </button>
              <button
                type="button"
                className={panel.mark}
                aria-label={`${off ? 'Show' : 'Hide'} what ${nameOf(id)} drew`}
                aria-pressed={off}
                onClick={() => editor.setHidden(keys, !off)}
              >
                {off ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
              </button>
            </li>
          )
        })}
      </ul>
      {pairs.length > 1 && (
        <p className={classes.pairs}>
          {pairs.map(({ a, b, agreement }) => (
            <span key={`${a} ${b}`} title={`${nameOf(a)} and ${nameOf(b)}`}>
              <Letter sign={signs.get(a)} />
              <Letter sign={signs.get(b)} /> {percent(agreement)}
            </span>
          ))}
        </p>
      )}
    </section>
  )
}

/** What people found, thing by thing, the least agreed first: one person's, all merged, or none. */
export function GroupList(props: Props) {
  const { groups, own, votes, people, concepts, session } = props
  return (
    <section className={panel.panel} aria-label="Answer">
      <h2 className={panel.title}>
        Answer <span className={panel.count}>{count(groups.length, 'object')}</span>
      </h2>
      {votes.map((vote) => (
        <VoteRow key={vote.id} {...props} vote={vote} />
      ))}
      <ul className={classes.groups}>
        {groups.map((group) => (
          <GroupRow key={group.key} {...props} group={group} />
        ))}
      </ul>
      {groups.length === 0 && votes.length === 0 && people.length > 0 && (
        <p className={panel.empty}>Nobody found anything: settling says that there is nothing here.</p>
      )}
      <p className={panel.empty}>
        {own.length === 0
          ? 'None of them right? Choose “None” and draw it yourself: what you draw is part of the answer.'
          : `Drawn by you: ${own.map((region) => regionName(region, concepts.labelOf)).join('; ')}.`}
        {session.editor.state.readOnly && own.length === 0 ? ' (Now it cannot be changed.)' : ''}
      </p>
    </section>
  )
}

function GroupRow({
  group,
  signs,
  nameOf,
  session,
  concepts,
  scores,
  people,
  choiceOf,
  onChoose,
  mayChoose,
}: Props & { group: Group }) {
  const choice = choiceOf(group)
  const first = mostSaid(group.members, concepts.labelOf)
  const name = first ? regionName(first, concepts.labelOf) : ''
  const merges = group.members.length > 1 && mergedShape(group.members.map(({ shape }) => shape)) !== undefined
  const look = (region: Region) => {
    session.editor.select([region.key])
    session.editor.reveal(region.key)
  }
  return (
    <li
      className={classes.group}
      data-low={group.agreement < 0.5 || undefined}
      data-none={choice === 'none' || undefined}
    >
      <div className={classes.groupHead}>
        <button type="button" className={panel.name} onClick={() => first && look(first)}>
          <span className={panel.clip}>{name}</span>
          <span className={panel.what}>
            {group.members.length} of {people.length} · {percent(group.agreement)}
          </span>
        </button>
      </div>
      {group.mixed && (
        <p className={classes.mixed}>
          Not the same concept: {[...new Set(group.members.map((member) => concepts.labelOf(member)))].join(', ')}
        </p>
      )}
      <div className={classes.choices} role="radiogroup" aria-label={`Answer for ${name}`}>
        {group.members.map((member) => {
          const { id } = member.madeBy
          return (
            <Choose
              key={member.key}
              on={choice === member.key}
              disabled={!mayChoose}
              label={`${nameOf(id)}: ${concepts.labelOf(member)}, ${percent(scores.get(member.key) ?? 0)}`}
              onChoose={() => {
                onChoose(group, member.key)
                look(member)
              }}
            >
              <Letter sign={signs.get(id)} /> {percent(scores.get(member.key) ?? 0)}
            </Choose>
          )
        })}
        {merges && (
          <Choose
            on={choice === 'merged'}
            disabled={!mayChoose}
            label="Merged"
            onChoose={() => onChoose(group, 'merged')}
          >
            Merge
          </Choose>
        )}
        <Choose on={choice === 'none'} disabled={!mayChoose} label="None" onChoose={() => onChoose(group, 'none')}>
          None
        </Choose>
      </div>
    </li>
  )
}

/** One of those that say what most say. */
function mostSaid(members: readonly Region[], labelOf: (region: Region) => string): Region | undefined {
  const alike = Map.groupBy(members, labelOf)
  return [...alike.values()].toSorted((a, b) => b.length - a.length)[0]?.[0]
}

function VoteRow({ vote, signs, nameOf, concepts, voteOf, onVote, mayChoose }: Props & { vote: Vote }) {
  const name = concepts.byId.get(vote.id)?.name ?? vote.id
  const now = voteOf(vote)
  const who = (ids: readonly string[]) => ids.map((id) => <Letter key={id} sign={signs.get(id)} />)
  return (
    <div className={classes.group}>
      <span className={classes.vote}>
        Whole image: <b>{name}</b>
      </span>
      <div className={classes.choices} role="radiogroup" aria-label={`Answer for ${name}`}>
        <Choose
          on={now === 'yes'}
          disabled={!mayChoose}
          label={`Yes: ${vote.yes.map(nameOf).join(', ')}`}
          onChoose={() => onVote(vote.id, 'yes')}
        >
          Yes {who(vote.yes)}
        </Choose>
        <Choose
          on={now === 'no'}
          disabled={!mayChoose}
          label={`No: ${vote.no.map(nameOf).join(', ')}`}
          onChoose={() => onVote(vote.id, 'no')}
        >
          No {who(vote.no)}
        </Choose>
        <Choose on={now === 'none'} disabled={!mayChoose} label="Say nothing" onChoose={() => onVote(vote.id, 'none')}>
          Nothing
        </Choose>
      </div>
    </div>
  )
}

interface ChooseProps {
  on: boolean
  disabled: boolean
  label: string
  onChoose: () => void
  children: React.ReactNode
}

function Choose({ on, disabled, label, onChoose, children }: ChooseProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button that looks like one of a row
    <button
      type="button"
      role="radio"
      aria-checked={on}
      aria-label={label}
      title={label}
      className={classes.choice}
      disabled={disabled}
      onClick={onChoose}
    >
      {children}
    </button>
  )
}
