import { ActionIcon, Tooltip } from '@mantine/core'
import { Check, X } from 'lucide-react'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useSessionState } from '#app/workspace/session/useSession.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { imageConcepts } from '#model/imageConcepts.ts'
import { workerOf } from '#model/worker.ts'
import { ConceptLine } from './ConceptPanel.tsx'
import type { ConceptRow } from './conceptSearch.ts'
import classes from './ImageConcepts.module.css'

interface Props {
  session: InputSession
  shown: readonly ConceptRow[]
  /** the person owns the app, and may take back what others said */
  owner: boolean
  nameOf: (userId: string) => string
  onTick: (id: string, value: 0 | 1) => void
}

/** For each concept: the image shows it, does not show it, or nothing is said. What others said stands beside it. */
export function ImageConcepts({ session, shown, owner, nameOf, onTick }: Props) {
  const { annotations } = useSessionState(session)
  const own = session.own
  const ticks = new Map(own ? imageConcepts(own).map(({ id, value }) => [id, value]) : [])
  const others = saidByOthers(annotations ?? [], own?.id)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <ul className={classes.list} aria-label="Concepts of the whole image" tabIndex={0}>
      {shown.map((row) => {
        const tick = ticks.get(row.id)
        const set = (value: 0 | 1) => onTick(row.id, value)
        return (
          <li key={row.id} className={classes.item}>
            <div className={classes.row}>
              <ConceptLine row={row} />
              <Mark
                name={`${row.name}: in the image`}
                icon={Check}
                pressed={tick === 1}
                kind="yes"
                onClick={() => set(1)}
              />
              <Mark
                name={`${row.name}: not in the image`}
                icon={X}
                pressed={tick === 0}
                kind="no"
                onClick={() => set(0)}
              />
            </div>
            {others.get(row.id)?.map((said) => (
              <div key={said.annotation} className={classes.other}>
                <span>
                  {said.by(nameOf)}: {said.value > 0 ? 'in the image' : 'not in the image'}
                </span>
                {owner && said.byPerson && (
                  <button
                    type="button"
                    className={classes.remove}
                    onClick={() => session.removeTick(said.annotation, row.id)}
                  >
                    Remove
                  </button>
                )}
              </div>
            ))}
          </li>
        )
      })}
    </ul>
  )
}

interface MarkProps {
  name: string
  icon: typeof Check
  pressed: boolean
  kind: 'yes' | 'no'
  onClick: () => void
}

function Mark({ name, icon: Icon, pressed, kind, onClick }: MarkProps) {
  return (
    <Tooltip label={pressed ? 'Take back' : kind === 'yes' ? 'In the image' : 'Not in the image'} position="left">
      <ActionIcon
        size={24}
        aria-label={name}
        aria-pressed={pressed}
        className={classes.mark}
        data-kind={kind}
        onClick={onClick}
      >
        <Icon size={15} strokeWidth={2.25} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

interface Said {
  readonly annotation: string
  readonly value: number
  readonly byPerson: boolean
  readonly by: (nameOf: (userId: string) => string) => string
}

function saidByOthers(
  annotations: readonly Annotation[],
  own: string | undefined,
): ReadonlyMap<string, readonly Said[]> {
  const said = new Map<string, Said[]>()
  for (const annotation of annotations) {
    if (annotation.id === own) continue
    const worker = workerOf(annotation)
    const by: Said['by'] = (nameOf) =>
      annotation.inputLevel ? 'Given with the image' : worker.kind === 'user' ? nameOf(worker.id) : `Model ${worker.id}`
    for (const { id, value } of imageConcepts(annotation)) {
      said.set(id, [
        ...(said.get(id) ?? []),
        { annotation: annotation.id, value, by, byPerson: worker.kind === 'user' },
      ])
    }
  }
  return said
}
