import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ListPlus, Search, Tags } from 'lucide-react'
import { useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRights } from '#app/apps/rights.ts'
import { count, messageOf } from '#app/messages.ts'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { definitionJson } from '#model/attributes.ts'
import { conceptOrder, conceptSlots } from '#model/concept.ts'
import { conceptsQuery } from '#sync/queries.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { AddConcepts } from './AddConcepts.tsx'
import { AttributesDialog } from './AttributesDialog.tsx'
import { ConceptRow } from './ConceptRow.tsx'
import classes from './ConceptsPage.module.css'
import { moved, withKey, withMarquee } from './conceptEdits.ts'
import { useConceptWrites } from './useConceptWrites.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/concepts')
const ROW = 40

/** The concepts of an app: what they are called, look like, and which key ticks them. */
export function ConceptsPage() {
  const { user, app } = route.useParams()
  const scope = { owner: user, app }
  usePageTitle('Concepts', app)
  const { clients } = useApp()
  const rights = useRights(scope)
  const query = useQuery(conceptsQuery(clients, scope))
  const concepts = query.data ?? []
  const writes = useConceptWrites(scope, concepts)
  const [text, setText] = useState('')
  const [adding, setAdding] = useState(false)
  const [defining, setDefining] = useState<Concept>()
  const wanted = text.trim().toLowerCase()
  const found = concepts
    .filter(({ id, name }) => id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted))
    .toSorted(conceptOrder)
  const add = rights.canEditConcepts && (
    <Button leftSection={<ListPlus size={14} />} onClick={() => setAdding(true)}>
      Add concepts
    </Button>
  )
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Concepts</h1>
        <span className={classes.total} aria-live="polite">
          {query.data &&
            (wanted ? `${found.length} of ${count(concepts.length, 'concept')}` : count(concepts.length, 'concept'))}
        </span>
        <TextInput
          aria-label="Search concepts"
          placeholder="Search"
          leftSection={<Search size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          w={200}
        />
        {add}
      </div>
      {query.isPending && <LoadingRows />}
      {query.error && !query.data && (
        <ErrorState
          title="The concepts could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data?.length === 0 && (
        <EmptyState icon={Tags} title="No concepts yet" action={add}>
          Concepts are what regions and images are labelled with: “boat”, “person”, “scratch”.
        </EmptyState>
      )}
      {concepts.length > 0 && found.length === 0 && (
        <EmptyState
          title={`No concept matches “${text}”`}
          action={
            <Button variant="default" onClick={() => setText('')}>
              Clear the search
            </Button>
          }
        />
      )}
      {found.length > 0 && (
        <ConceptList
          found={found}
          slots={conceptSlots(concepts)}
          canEdit={rights.canEditConcepts}
          canMove={rights.canEditConcepts && wanted === ''}
          nameOf={(id) => concepts.find((concept) => concept.id === id)?.name ?? id}
          onMove={(id, by) => void writes.patch(moved(concepts, id, by))}
          onRename={(concept, name) => void writes.patch([{ ...concept, name }])}
          onRecolour={(concept, color) => void writes.patch([withMarquee(concept, { color })])}
          onKey={(id, slot) => void writes.patch(withKey(concepts, id, slot))}
          onAttributes={setDefining}
        />
      )}
      <AttributesDialog
        concept={defining}
        onClose={() => setDefining(undefined)}
        onSave={(concept, definitions) =>
          void writes.patch([
            withMarquee(concept, {
              attributes: definitions.length > 0 ? definitions.map(definitionJson) : undefined,
            }),
          ])
        }
      />
      <AddConcepts
        opened={adding}
        onClose={() => setAdding(false)}
        existing={concepts.map(({ id }) => id)}
        onAdd={writes.add}
      />
    </div>
  )
}

interface ListProps {
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
}

function ConceptList({ found, slots, canEdit, canMove, nameOf, ...on }: ListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => found[index]?.id ?? index,
  })
  const slotOf = new Map([...slots].map(([slot, id]) => [id, slot]))
  return (
    <div ref={scroller} className={classes.scroller}>
      <div className={classes.columns} aria-hidden>
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
              >
                <ConceptRow
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
                />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

function LoadingRows() {
  return (
    <div className={classes.loading} aria-busy="true">
      {[0, 1, 2, 3, 4].map((row) => (
        <Skeleton key={row} height={28} />
      ))}
    </div>
  )
}
