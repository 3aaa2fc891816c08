import { MultiSelect, NumberInput, SegmentedControl } from '@mantine/core'
import classes from './TaskForm.module.css'
import type { FieldProps } from './TaskForm.tsx'
import { giveWords } from './taskWords.ts'

/** Who labels, and who gets which inputs. */
export function WhoFields({ draft, set, problems, people }: FieldProps) {
  const { labelers, give, perInput } = draft
  const nameOf = (id: string) => people.find(({ value }) => value === id)?.label ?? id
  const choose = (ids: readonly string[]) =>
    set({ labelers: ids.map((id) => labelers.find((one) => one.id === id) ?? { id, weight: 1 }) })
  const split = give === 'even' || give === 'weighted'
  return (
    <>
      <MultiSelect
        label="Labelers"
        searchable
        hidePickedOptions
        placeholder={labelers.length === 0 ? 'People of this app' : ''}
        nothingFoundMessage="Nobody of this app has this name"
        value={labelers.map(({ id }) => id)}
        data={withMissing(
          people,
          labelers.map(({ id }) => id),
        )}
        error={problems.labelers}
        onChange={choose}
      />
      <div>
        <div className={classes.label} id="task-give">
          Each gets
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby="task-give"
          value={give}
          onChange={(value) => set({ give: value as typeof give })}
          data={[
            { value: 'even', label: 'Even share' },
            { value: 'weighted', label: 'By weight' },
            { value: 'full', label: 'Everything' },
            { value: 'queue', label: 'Shared queue' },
          ]}
        />
        <p className={classes.words}>{sentence(giveWords(draft))}.</p>
      </div>
      {give === 'weighted' &&
        labelers.map(({ id, weight }) => (
          <NumberInput
            key={id}
            size="xs"
            label={`Weight of ${nameOf(id)}`}
            min={0}
            allowNegative={false}
            step={1}
            value={weight}
            onChange={(value) =>
              set({ labelers: labelers.map((one) => (one.id === id ? { id, weight: Number(value) } : one)) })
            }
          />
        ))}
      {split && (
        <NumberInput
          label="People per input"
          min={1}
          max={Math.max(1, labelers.length)}
          value={perInput}
          error={problems.perInput}
          onChange={(value) => set({ perInput: Number(value) })}
        />
      )}
    </>
  )
}

/** Whoever is chosen and no longer in the app stays visible, to be taken out. */
export function withMissing(people: FieldProps['people'], chosen: readonly string[]) {
  const gone = chosen.filter((id) => !people.some(({ value }) => value === id))
  return [...people, ...gone.map((id) => ({ value: id, label: `${id} (no longer in the app)` }))]
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
