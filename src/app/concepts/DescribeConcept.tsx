import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'

interface Props {
  concept: Concept
  onSave: (definition: string) => void
  onClose: () => void
}

/** What a concept means, for those who label with it: `definition` in the API. */
export function DescribeConcept({ concept, onSave, onClose }: Props) {
  const [text, setText] = useState(concept.definition.trim())
  return (
    <Modal opened onClose={onClose} title={`Description of “${concept.name || concept.id}”`} size={480}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          // the API takes an absent text for "stays as it is": a blank one empties it
          onSave(text.trim() || ' ')
          onClose()
        }}
      >
        <Textarea
          label="What it means, and where it ends"
          description="Shown to those who label, where they choose it."
          placeholder="Anything that floats and carries people, up to 20 m. Not ships."
          data-autofocus
          autosize
          minRows={3}
          maxRows={10}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={text.trim() === concept.definition.trim()}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
