import { MultiSelect, NumberInput, SegmentedControl } from '@mantine/core'
import classes from './TaskForm.module.css'
import type { FieldProps } from './TaskForm.tsx'
import { withMissing } from './WhoFields.tsx'

const what = {
  none: 'What is submitted is done at once.',
  manual: 'A reviewer approves it, asks for changes or denies it. Nobody reviews their own work.',
  consensus: 'It is done when enough labelers agree, without seeing each other’s work; else a reviewer decides.',
} as const

/** Who decides whether submitted work is done. */
export function ReviewFields({ draft, set, problems, people }: FieldProps) {
  const { review, reviewers } = draft
  return (
    <>
      <div>
        <div className={classes.label} id="task-review">
          Review
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby="task-review"
          value={review}
          onChange={(value) => set({ review: value as typeof review })}
          data={[
            { value: 'none', label: 'None' },
            { value: 'manual', label: 'By reviewers' },
            { value: 'consensus', label: 'Consensus' },
          ]}
        />
        <p className={classes.words}>{what[review]}</p>
      </div>
      {review !== 'none' && (
        <div className={classes.pair}>
          <MultiSelect
            label="Reviewers"
            searchable
            hidePickedOptions
            description="The owner can always review."
            value={[...reviewers]}
            data={withMissing(people, reviewers)}
            error={problems.reviewers}
            onChange={(chosen) => set({ reviewers: chosen })}
          />
          {review === 'manual' ? (
            <NumberInput
              label="Reviewed, %"
              description="Chosen at random; the rest is done."
              min={0}
              max={100}
              decimalScale={4}
              value={draft.sample}
              error={problems.sample}
              onChange={(value) => set({ sample: Number(value) })}
            />
          ) : (
            <NumberInput
              label="Labelers that must agree"
              description={draft.agree === 0 ? '0: reviewers decide on every input.' : 'On regions and concepts.'}
              min={0}
              allowDecimal={false}
              value={draft.agree}
              error={problems.agree}
              onChange={(value) => set({ agree: Number(value) })}
            />
          )}
        </div>
      )}
      {review === 'consensus' && (
        <NumberInput
          label="Overlap that counts as the same, %"
          description="Shared area of two regions over the area of both (IoU). Higher asks for closer outlines."
          min={1}
          max={100}
          value={draft.overlap}
          error={problems.overlap}
          onChange={(value) => set({ overlap: Number(value) })}
        />
      )}
      <div>
        <div className={classes.label} id="task-priority">
          Priority
        </div>
        <SegmentedControl
          size="xs"
          aria-labelledby="task-priority"
          value={draft.priority}
          onChange={(value) => set({ priority: value as typeof draft.priority })}
          data={[
            { value: 'low', label: 'Low' },
            { value: 'medium', label: 'Medium' },
            { value: 'high', label: 'High' },
          ]}
        />
      </div>
    </>
  )
}
