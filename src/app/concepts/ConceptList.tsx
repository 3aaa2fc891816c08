import { useVirtualizer } from '@tanstack/react-virtual'
import { GripVertical } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { ConceptRow } from './ConceptRow.tsx'
import classes from './ConceptsPage.module.css'
import type { Ending } from './EndConcept.tsx'

const ROW = 40

interface Props {
  scope: AppScope
  found: readonly Concept[]
  slots: ReadonlyMap<number, string>
  canEdit: boolean
  canMove: boolean
  nameOf: (id: string) => string
  onMove: (id: string, by: number) => void
  onRename: (concept: Concept, name: string) => void
  onRecolour: (concept: Concept, color: string) => void
  onKey: (id: string, slot: number | undefined) => void
  onAttributes: (concept: Concept) => void
  onDescribe: (concept: Concept) => void
  /** undefined: this person, or this server, cannot */
  onEnd: ((ending: Ending) => void) | undefined
}

/** Concepts in their order, which is changed by dragging a row by its handle, or with its arrows. */
export function ConceptList({ scope, found, slots, canEdit, canMove, nameOf, ...on }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => found[index]?.id ?? index,
  })
  const [dragged, setDragged] = useState<number>()
  /** the place it would come to, 0…n: before the row there */
  const [over, setOver] = useState<number>()
  function drop() {
    const concept = dragged === undefined ? undefined : found[dragged]
    if (concept && dragged !== undefined && over !== undefined) {
      const by = over > dragged ? over - 1 - dragged : over - dragged
      if (by !== 0) on.onMove(concept.id, by)
    }
    setDragged(undefined)
    setOver(undefined)
  }
  const slotOf = new Map([...slots].map(([slot, id]) => [id, slot]))
  return (
    <div ref={scroller} className={classes.scroller}>
      <div className={classes.columns} aria-hidden>
        <span />
        <span>Key</span>
        <span />
        <span>Name</span>
        <span>Id</span>
        <span>Attributes</span>
      </div>
      <ul className={classes.space} style={{ height: rows.getTotalSize() }} aria-label="Concepts">
        {rows.getVirtualItems().map((row) => {
          const concept = found[row.index]
          return (
            concept && (
              <li
                key={row.key}
                className={classes.row}
                style={{ transform: `translateY(${row.start}px)`, height: ROW }}
                data-dragged={row.index === dragged || undefined}
                data-drop={dropSide(row.index, over, dragged)}
                onDragOver={(event) => {
                  if (dragged === undefined) return
                  event.preventDefault()
                  const { top, height } = event.currentTarget.getBoundingClientRect()
                  setOver(event.clientY < top + height / 2 ? row.index : row.index + 1)
                }}
                onDrop={(event) => {
                  event.preventDefault()
                  drop()
                }}
              >
                {/* biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the arrows of the row are for everybody */}
                <span
                  className={classes.grip}
                  draggable={canMove}
                  data-off={!canMove || undefined}
                  data-grip={concept.id}
                  title={canMove ? 'Drag to reorder' : undefined}
                  onDragStart={(event) => {
                    event.dataTransfer.effectAllowed = 'move'
                    event.dataTransfer.setData('text/plain', concept.name || concept.id)
                    if (event.currentTarget.parentElement)
                      event.dataTransfer.setDragImage(event.currentTarget.parentElement, 12, ROW / 2)
                    setDragged(row.index)
                  }}
                  onDragEnd={() => {
                    setDragged(undefined)
                    setOver(undefined)
                  }}
                >
                  {canMove && <GripVertical size={14} aria-hidden />}
                </span>
                <ConceptRow
                  scope={scope}
                  concept={concept}
                  slot={slotOf.get(concept.id)}
                  slots={slots}
                  nameOf={nameOf}
                  canEdit={canEdit}
                  canMoveUp={canMove && row.index > 0}
                  canMoveDown={canMove && row.index < found.length - 1}
                  onMove={(by) => on.onMove(concept.id, by)}
                  onRename={(name) => on.onRename(concept, name)}
                  onRecolour={(color) => on.onRecolour(concept, color)}
                  onKey={(slot) => on.onKey(concept.id, slot)}
                  onAttributes={() => on.onAttributes(concept)}
                  onDescribe={() => on.onDescribe(concept)}
                  onEnd={on.onEnd && ((how) => on.onEnd?.({ concept, how }))}
                />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

/** On which side of a row the dragged one would come; none where it is. */
function dropSide(index: number, over: number | undefined, dragged: number | undefined): 'above' | 'below' | undefined {
  if (over === undefined || dragged === undefined || over === dragged || over === dragged + 1) return undefined
  if (over === index) return 'above'
  return over === index + 1 ? 'below' : undefined
}
