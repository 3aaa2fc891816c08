import type { JsonValue } from '@bufbuild/protobuf'
import { useEffect, useId, useRef, useState } from 'react'
import parts from '#app/workspace/parts.module.css'
import { type AttributeDefinition, whyNotValue } from '#model/attributes.ts'
import { plainToast } from '#ui/toast.tsx'
import classes from './Attributes.module.css'
import type { AttributeRow } from './attributeRows.ts'

interface Props {
  row: AttributeRow & { readonly definition: AttributeDefinition }
  /** why it cannot be changed */
  readOnly: string | undefined
  /** whether digits choose, and are no concepts */
  digits: boolean
  /** undefined takes the value away */
  onSet: (value: JsonValue | undefined) => void
}

/** One attribute: its name, what it is or "multiple values", and what is wrong with it. */
export function AttributeField({ row, readOnly, digits, onSet }: Props) {
  const id = useId()
  const [typed, setProblem] = useState<string>()
  const problem = typed ?? (row.problem === 'Required' ? undefined : row.problem)
  const { definition } = row
  const field = {
    id,
    row,
    disabled: readOnly !== undefined,
    invalid: row.problem !== undefined || typed !== undefined,
    onSet,
  }
  return (
    <div className={classes.field} title={readOnly} data-attribute={row.name}>
      <span className={classes.name} id={`${id}-name`}>
        {row.name}
        {definition.required && (
          <span className={classes.required} data-missing={row.problem === 'Required' || undefined}>
            {' '}
            required
          </span>
        )}
      </span>
      {definition.kind === 'choice' && <Choice {...field} digits={digits} options={definition.options} />}
      {definition.kind === 'checkbox' && <Tick {...field} />}
      {(definition.kind === 'number' || definition.kind === 'text') && (
        <Typed {...field} definition={definition} onProblem={setProblem} />
      )}
      {problem !== undefined && (
        <p ref={bringIntoView} className={classes.problem} role="alert" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}

/** What is wrong is said where the panel may be scrolled away. */
const bringIntoView = (words: HTMLElement | null): void => words?.scrollIntoView({ block: 'nearest' })

interface FieldProps {
  id: string
  row: AttributeRow
  disabled: boolean
  invalid: boolean
  onSet: (value: JsonValue | undefined) => void
}

/** So few and short options stand side by side. */
const CHIPS = 6
const CHIP_LETTERS = 46

interface ChoiceProps extends FieldProps {
  options: readonly string[]
  digits: boolean
}

function Choice({ options, digits, ...props }: ChoiceProps) {
  const few = options.length <= CHIPS && options.join('').length <= CHIP_LETTERS
  return few ? <Chips options={options} digits={digits} {...props} /> : <Dropdown options={options} {...props} />
}

/** Digits and arrows choose; the chosen one again takes it away. */
function Chips({ id, row, options, digits, disabled, invalid, onSet }: ChoiceProps) {
  const group = useRef<HTMLDivElement>(null)
  const at = options.indexOf(row.value as string)
  const choose = (i: number) => {
    const option = options[i]
    if (option === undefined || disabled) return
    onSet(i === at ? undefined : option)
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[i]?.focus()
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
    if (step !== undefined) choose((at + step + options.length) % options.length)
    else if (digits && digit !== undefined) choose(Number(digit) - 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-labelledby={`${id}-name`}
      aria-invalid={invalid || undefined}
      className={classes.chips}
      onKeyDown={onKeyDown}
    >
      {options.map((option, i) => (
        // biome-ignore lint/a11y/useSemanticElements: a chip that is pressed again lets go, which no radio input does
        <button
          key={option}
          type="button"
          role="radio"
          aria-checked={i === at}
          disabled={disabled}
          tabIndex={i === Math.max(0, at) ? 0 : -1}
          data-attribute-field={i === Math.max(0, at) || undefined}
          className={classes.chip}
          onClick={() => choose(i)}
        >
          {option}
        </button>
      ))}
      {row.mixed && <span className={classes.mixed}>multiple values</span>}
    </div>
  )
}

function Dropdown({ id, row, options, disabled, invalid, onSet }: FieldProps & { options: readonly string[] }) {
  const own = typeof row.value === 'string' ? row.value : ''
  return (
    <select
      className={`${parts.input} ${classes.input}`}
      aria-labelledby={`${id}-name`}
      aria-invalid={invalid || undefined}
      data-attribute-field
      disabled={disabled}
      value={own}
      onChange={(event) => onSet(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    >
      <option value="">{row.mixed ? 'multiple values' : '–'}</option>
      {own !== '' && !options.includes(own) && <option value={own}>{own} (no longer offered)</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  )
}

function Tick({ id, row, disabled, onSet }: FieldProps) {
  const box = useRef<HTMLInputElement>(null)
  const undecided = row.mixed || typeof row.value !== 'boolean'
  useEffect(() => {
    if (box.current) box.current.indeterminate = undecided
  }, [undecided])
  return (
    <label className={classes.tick}>
      <input
        ref={box}
        type="checkbox"
        data-attribute-field
        aria-labelledby={`${id}-name`}
        disabled={disabled}
        checked={row.value === true}
        onChange={(event) => onSet(event.currentTarget.checked)}
      />
      <span aria-hidden>{row.mixed ? 'multiple values' : undecided ? 'not said' : row.value ? 'yes' : 'no'}</span>
    </label>
  )
}

/** Taken over when the field is left or Enter is pressed; what cannot be is said, and stays to be put right. */
function Typed({
  id,
  row,
  definition,
  disabled,
  invalid,
  onSet,
  onProblem,
}: FieldProps & { definition: AttributeDefinition; onProblem: (problem: string | undefined) => void }) {
  const shown = row.value === undefined ? '' : String(row.value)
  const [draft, setDraft] = useState<string>()
  /** as it is now: the focus goes before the next rendering */
  const typed = useRef<string>(undefined)
  const type = (text: string | undefined) => {
    typed.current = text
    setDraft(text)
    onProblem(undefined)
  }
  /** False: it stays, to be put right. */
  const take = (): boolean => {
    const { current: draft } = typed
    if (draft === undefined || draft === shown) {
      type(undefined)
      return true
    }
    const text = draft.trim()
    const value = text === '' ? undefined : definition.kind === 'number' ? Number(text.replace(',', '.')) : draft
    const why = value === undefined ? undefined : whyNotValue(definition, value)
    if (why !== undefined) {
      onProblem(why)
      return false
    }
    type(undefined)
    onSet(value)
    return true
  }
  useEffect(
    () => () => {
      const { current: lost } = typed
      if (lost !== undefined) plainToast(`${row.name}: “${lost}” was not kept, since it is no value it can have.`)
    },
    [row.name],
  )
  return (
    <input
      className={`${parts.input} ${classes.input}`}
      type="text"
      inputMode={definition.kind === 'number' ? 'decimal' : 'text'}
      aria-labelledby={`${id}-name`}
      aria-invalid={invalid || undefined}
      aria-describedby={invalid ? `${id}-problem` : undefined}
      data-attribute-field
      data-untaken={(draft !== undefined && draft !== shown) || undefined}
      disabled={disabled}
      placeholder={row.mixed ? 'multiple values' : rangeText(definition)}
      value={draft ?? shown}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => void take()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing && !take()) {
          event.preventDefault()
          event.stopPropagation()
        }
        if (event.key === 'Escape') type(undefined)
      }}
      autoComplete="off"
    />
  )
}

function rangeText(definition: AttributeDefinition): string | undefined {
  if (definition.kind !== 'number') return undefined
  const { min, max } = definition
  if (min !== undefined && max !== undefined) return `${min} to ${max}`
  if (min !== undefined) return `${min} or more`
  return max === undefined ? undefined : `${max} or less`
}
