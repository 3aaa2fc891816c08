import { Combobox, Textarea, useCombobox } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Initials } from '#app/frame/Initials.tsx'
import { mentionAt, type Named, suggested } from '#sync/mentions.ts'
import classes from './MentionArea.module.css'

interface Props {
  label: string
  placeholder: string
  value: string
  people: readonly Named[]
  minRows?: number
  autoFocus?: boolean
  onChange: (text: string) => void
  /** Enter; Shift+Enter begins a line */
  onSend: () => void
  /** Esc with nobody suggested */
  onCancel?: () => void
}

/** A field for a note: after an @ it suggests the people of the app. */
export function MentionArea(props: Props) {
  const { label, placeholder, value, people, minRows = 1, autoFocus = false, onChange, onSend, onCancel } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const [caret, setCaret] = useState(0)
  const combobox = useCombobox()
  const asking = mentionAt(value, caret)
  const found = asking ? suggested(people, asking.asked) : []
  const open = combobox.dropdownOpened && found.length > 0
  const first = open ? found[0]?.id : undefined
  // once they are on the page: Enter takes the first
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is new each time, what it does is not
  useEffect(() => {
    if (first !== undefined) combobox.selectFirstOption()
  }, [first])
  const look = () => {
    const at = field.current?.selectionStart ?? 0
    setCaret(at)
    if (mentionAt(field.current?.value ?? '', at)) combobox.openDropdown()
    else combobox.closeDropdown()
  }
  const take = (id: string) => {
    if (!asking) return
    const after = value.slice(caret)
    const text = `${value.slice(0, asking.from)}@${id} ${after.trimStart()}`
    onChange(text)
    combobox.closeDropdown()
    const at = asking.from + id.length + 2
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at))
  }
  return (
    <Combobox store={combobox} onOptionSubmit={take} position="top-start" withinPortal>
      <Combobox.Target withKeyboardNavigation={open} withAriaAttributes={open}>
        <Textarea
          ref={field}
          aria-label={label}
          placeholder={placeholder}
          size="xs"
          autosize
          minRows={minRows}
          maxRows={6}
          maxLength={2000}
          value={value}
          data-autofocus={autoFocus || undefined}
          autoFocus={autoFocus}
          onChange={(event) => {
            onChange(event.currentTarget.value)
            look()
          }}
          onSelect={look}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (open) {
              if (event.key === 'Escape') {
                event.stopPropagation()
                combobox.closeDropdown()
              }
              if (event.key === 'Tab') {
                event.preventDefault()
                combobox.clickSelectedOption()
              }
              // Enter takes who is suggested (Combobox)
              if (event.key === 'Enter') event.stopPropagation()
              return
            }
            if (event.key === 'Escape' && onCancel) {
              event.stopPropagation()
              onCancel()
            }
            // Ctrl+Enter submits the work elsewhere; here it sends what is being written
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            event.stopPropagation()
            onSend()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!open}>
        <Combobox.Options aria-label="People">
          {found.map(({ id, name }) => (
            <Combobox.Option key={id} value={id}>
              <span className={classes.person}>
                <Initials name={name} size={20} /> {name} <span className={classes.id}>@{id}</span>
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
