import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ListPlus, Search, Tags } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRights } from '#app/apps/rights.ts'
import { count, messageOf } from '#app/messages.ts'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { definitionJson } from '#model/attributes.ts'
import { conceptOrder, conceptSlots } from '#model/concept.ts'
import { conceptsQuery } from '#sync/queries.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { failureToast, undoToast } from '#ui/toast.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { AddConcepts } from './AddConcepts.tsx'
import { AttributesDialog } from './AttributesDialog.tsx'
import { ConceptList } from './ConceptList.tsx'
import classes from './ConceptsPage.module.css'
import { moved, namesake, withKey, withMarquee } from './conceptEdits.ts'
import { DescribeConcept } from './DescribeConcept.tsx'
import { EndConcept, type Ending } from './EndConcept.tsx'
import { PastConcepts } from './PastConcepts.tsx'
import { useConceptWrites } from './useConceptWrites.ts'
import { useEndConcept } from './useEndConcept.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/concepts')

/** The concepts of an app: what they are called, look like, and which key ticks them. */
export function ConceptsPage() {
  const { user, app } = route.useParams()
  const scope = { owner: user, app }
  usePageTitle('Concepts', app)
  const { clients, session } = useApp()
  const rights = useRights(scope)
  const query = useQuery(conceptsQuery(clients, scope))
  const concepts = query.data ?? []
  const writes = useConceptWrites(scope, concepts)
  const [text, setText] = useState('')
  const [adding, setAdding] = useState(false)
  const [defining, setDefining] = useState<Concept>()
  const [describing, setDescribing] = useState<Concept>()
  const [ending, setEnding] = useState<Ending>()
  const mayEnd = rights.isOwner && !session.noRestore
  const nameOf = (id: string) => concepts.find((concept) => concept.id === id)?.name || id
  const { end, undo } = useEndConcept(scope, nameOf)
  async function rename(concept: Concept, name: string) {
    const taken = namesake(concepts, concept, name)
    if (taken && mayEnd) return setEnding({ concept, how: 'merge', into: taken.id })
    if (taken)
      return failureToast('Not renamed', `There is a concept “${nameOf(taken.id)}” already: choose another name.`)
    await writes.patch([{ ...concept, name }])
    undoToast(`“${concept.name}” is called “${name}” now`, () => void writes.patch([concept]))
  }
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
          nameOf={nameOf}
          scope={scope}
          onMove={(id, by) => void writes.patch(moved(concepts, id, by))}
          onRename={(concept, name) => void rename(concept, name)}
          onRecolour={(concept, color) => void writes.patch([withMarquee(concept, { color })])}
          onKey={(id, slot) => void writes.patch(withKey(concepts, id, slot))}
          onAttributes={setDefining}
          onDescribe={setDescribing}
          onEnd={mayEnd ? setEnding : undefined}
        />
      )}
      {mayEnd && <PastConcepts scope={scope} onUndo={undo} />}
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
      {describing && (
        <DescribeConcept
          concept={describing}
          onClose={() => setDescribing(undefined)}
          onSave={(definition) => void writes.patch([{ ...describing, definition }])}
        />
      )}
      {ending && (
        <EndConcept
          scope={scope}
          ending={ending}
          concepts={concepts}
          onEnd={end}
          onClose={() => setEnding(undefined)}
        />
      )}
      <AddConcepts
        opened={adding}
        onClose={() => setAdding(false)}
        existing={concepts.map(({ id }) => id)}
        onAdd={writes.add}
      />
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
