import { Button } from '@mantine/core'
import { Check, MessageSquarePlus, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { count } from '#app/messages.ts'
import { ThreadList } from '#app/notes/ThreadList.tsx'
import type { Notes } from '#app/notes/useNotes.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { numbersOf } from '#app/workspace/regions/regionFilter.ts'
import { regionName } from '#app/workspace/regions/regionNames.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { EditorState } from '#editor/state.ts'
import type { Region } from '#model/region.ts'
import type { RegionChange } from '#model/regionDiff.ts'
import { Swatch } from '#ui/Swatch.tsx'
import { keyOf, signs } from './DiffLayer.tsx'
import type { Mark } from './marks.ts'
import classes from './ReviewPanel.module.css'
import type { SinceSentBack } from './useSentBack.ts'

interface Props {
  session: InputSession
  concepts: Concepts
  author: string
  authorName: string
  nameOf: (userId: string) => string
  /** concepts that the author set on the whole image, by id: present or not */
  imageConcepts: readonly { readonly id: string; readonly present: boolean }[]
  markOf: (region: Region) => Mark
  onMark: (region: Region, mark: 'right' | 'wrong') => void
  mayMark: boolean
  since: SinceSentBack | undefined
  comparing: boolean
  onCompare: (on: boolean) => void
  notes: Notes
}

const regionsPart = (state: EditorState) => state.regions
const orderPart = (state: EditorState) => state.order
const selectedPart = (state: EditorState) => state.selected

/** The upper half while reviewing: every region of the author with a tick and a cross. */
export function RegionsToReview(props: Props) {
  const { session, concepts, author, authorName, markOf, onMark, mayMark, imageConcepts } = props
  const { editor } = session
  const regions = useEditorState(editor, regionsPart)
  const order = useEditorState(editor, orderPart)
  const selected = useEditorState(editor, selectedPart)
  const shown = order
    .flatMap((key) => regions.get(key) ?? [])
    .filter(({ madeBy }) => madeBy.kind === 'user' && madeBy.id === author)
  const marks = shown.map(markOf)
  const numbers = numbersOf(regions)
  const [right, wrong] = [marks.filter((m) => m === 'right').length, marks.filter((m) => m === 'wrong').length]
  const list = useRef<HTMLUListElement>(null)
  const active = [...selected][0]
  useEffect(() => {
    if (active !== undefined)
      list.current?.querySelector(`[data-key="${CSS.escape(active)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <section className={classes.panel} aria-label="Regions to review">
      <h2 className={classes.title}>
        By {authorName} <span className={classes.count}>{count(shown.length, 'region')}</span>
        <span className={classes.tally}>
          {right > 0 && (
            <span data-mark="right">
              <Check size={12} aria-hidden /> {right}
              <span className="visually-hidden"> right</span>
            </span>
          )}
          {wrong > 0 && (
            <span data-mark="wrong">
              <X size={12} aria-hidden /> {wrong}
              <span className="visually-hidden"> wrong</span>
            </span>
          )}
        </span>
      </h2>
      {imageConcepts.length > 0 && (
        <p className={classes.whole}>
          Whole image:{' '}
          {imageConcepts.map(({ id, present }) => (
            <span key={id} className={classes.concept} data-present={present || undefined}>
              <Swatch color={concepts.byId.get(id)?.color ?? '#888888'} size={9} />
              {present ? '' : 'not '}
              {concepts.byId.get(id)?.name ?? id}
            </span>
          ))}
        </p>
      )}
      {shown.length === 0 && (
        <p className={classes.empty}>
          {imageConcepts.length > 0
            ? 'No regions.'
            : `Nothing: ${authorName} says that there is nothing here to label.`}
        </p>
      )}
      <ul ref={list} className={classes.rows}>
        {shown.map((region, i) => {
          const name = regionName(region, concepts.labelOf)
          const mark = marks[i]
          return (
            <li
              key={region.key}
              className={classes.row}
              data-key={region.key}
              data-selected={selected.has(region.key) || undefined}
            >
              <button
                type="button"
                className={classes.name}
                aria-pressed={selected.has(region.key)}
                onClick={() => {
                  editor.select([region.key])
                  editor.reveal(region.key)
                }}
              >
                <span className={classes.number}>{numbers.get(region.key)}</span>
                <Swatch color={concepts.colorOf(region)} />
                <span className={classes.clip}>{name}</span>
              </button>
              <button
                type="button"
                className={classes.mark}
                data-mark="right"
                aria-label={`Right: ${name}`}
                aria-pressed={mark === 'right'}
                title="Right"
                disabled={!mayMark || mark === 'wrong'}
                onClick={() => onMark(region, 'right')}
              >
                <Check size={14} strokeWidth={2.25} aria-hidden />
              </button>
              <button
                type="button"
                className={classes.mark}
                data-mark="wrong"
                aria-label={`Wrong: ${name}`}
                aria-pressed={mark === 'wrong'}
                title={mark === 'wrong' ? 'Marked wrong: show the note' : 'Wrong: say why'}
                disabled={!mayMark}
                onClick={() => onMark(region, 'wrong')}
              >
                <X size={14} strokeWidth={2.25} aria-hidden />
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The lower half: what changed since it was sent back, and the notes. */
export function ReviewNotes({ session, concepts, nameOf, since, comparing, onCompare, notes }: Props) {
  return (
    <section className={classes.panel} aria-label="Notes">
      {since && (
        <>
          <h2 className={classes.title}>
            Since {nameOf(since.by)} sent it back
            <span className={classes.tally}>
              <button
                type="button"
                className={classes.link}
                aria-pressed={comparing}
                onClick={() => onCompare(!comparing)}
              >
                {comparing ? 'Hide' : 'Show'}
              </button>
            </span>
          </h2>
          <Changes session={session} concepts={concepts} changes={since.changes} />
        </>
      )}
      <h2 className={classes.title}>
        Notes <span className={classes.count}>{notes.threads.length || ''}</span>
        <span className={classes.tally}>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<MessageSquarePlus size={13} aria-hidden />}
            onClick={notes.askWhere}
          >
            Add
          </Button>
        </span>
      </h2>
      {notes.threads.length === 0 ? (
        <p className={classes.empty}>None. A note sits on a region or a point; the author answers it there.</p>
      ) : (
        <div className={classes.threads}>
          <ThreadList
            threads={notes.threads}
            nameOf={nameOf}
            people={notes.people}
            waiting={new Set()}
            onReply={notes.answer}
            onResolve={(thread, resolved) => notes.answer(thread, '', resolved)}
            onRemove={notes.remove}
            onShow={notes.show}
          />
        </div>
      )}
    </section>
  )
}

const changeNames: Readonly<Record<RegionChange['is'], string>> = {
  added: 'added',
  removed: 'removed',
  moved: 'moved or reshaped',
  relabelled: 'relabelled',
}

function Changes({
  session,
  concepts,
  changes,
}: Pick<Props, 'session' | 'concepts'> & { changes: readonly RegionChange[] }) {
  const { editor } = session
  if (changes.length === 0) return <p className={classes.empty}>Nothing that was drawn has changed.</p>
  return (
    <ul className={classes.rows}>
      {changes.map((change) => {
        const region = 'after' in change ? change.after : change.before
        const was = change.is === 'relabelled' ? ` (was ${concepts.labelOf(change.before)})` : ''
        return (
          <li key={keyOf(change)} className={classes.row}>
            <button
              type="button"
              className={classes.name}
              disabled={change.is === 'removed'}
              onClick={() => {
                editor.select([region.key])
                editor.reveal(region.key)
              }}
            >
              <span className={classes.sign} data-is={change.is} aria-hidden>
                {signs[change.is]}
              </span>
              <span className={classes.clip}>
                {regionName(region, concepts.labelOf)}
                {was}
              </span>
              <span className={classes.what}>{changeNames[change.is]}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
