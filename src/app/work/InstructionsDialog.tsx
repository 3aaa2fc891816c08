import { LateModal } from '#ui/LateModal.tsx'
import { Markdown } from '#ui/Markdown.tsx'

interface Props {
  /** of the task */
  name: string | undefined
  /** Markdown; undefined: closed */
  text: string | undefined
  /** they are others than the person has read before */
  changed?: boolean
  onClose: () => void
}

/** What the task asks for, in its owner's words. */
export function InstructionsDialog({ name, text, changed = false, onClose }: Props) {
  return (
    <LateModal
      opened={text !== undefined}
      onClose={onClose}
      title={`${changed ? 'New instructions' : 'Instructions'}${name ? `: ${name}` : ''}`}
      size={640}
    >
      {text !== undefined && (text.trim() === '' ? <p>This task has no instructions.</p> : <Markdown>{text}</Markdown>)}
    </LateModal>
  )
}
