import { Button, Group, NumberInput, SegmentedControl, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import type { Images } from '#app/workspace/filmstrip/useImages.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { regionMessage, withOnly } from '#model/copyRegion.ts'
import type { RegionKey } from '#model/region.ts'
import { LateModal } from '#ui/LateModal.tsx'
import { failureToast, undoToast } from '#ui/toast.tsx'
import classes from './Propagate.module.css'
import { type Plan, planPropagation, propagate, type Source, type Target, takeBack } from './propagate.ts'

interface Props {
  session: InputSession
  images: Images
  /** what is copied; undefined: closed */
  keys: readonly RegionKey[] | undefined
  onClose: () => void
}

const MOST = 500

/** Asks to how many images the selection is copied, shows what that comes to, does it, and offers to take it back. */
export function PropagateDialog({ keys, onClose, ...rest }: Props) {
  return (
    <LateModal opened={keys !== undefined} onClose={onClose} title="Propagate the selection" size={420}>
      {keys && <Body keys={keys} onClose={onClose} {...rest} />}
    </LateModal>
  )
}

function Body({ session, images, keys, onClose }: Props & { keys: readonly RegionKey[] }) {
  const { clients, queryClient, sync, person } = useApp()
  const { place = 1, total = 1 } = images
  const room = { next: total - place, previous: place - 1 }
  const [to, setTo] = useState<'next' | 'previous'>(room.next > 0 ? 'next' : 'previous')
  const most = Math.min(MOST, room[to])
  const [wanted, setWanted] = useState<number | string>(Math.min(10, most))
  const n = typeof wanted === 'number' && Number.isInteger(wanted) ? wanted : 0
  const valid = n >= 1 && n <= most
  const [settled] = useDebouncedValue(valid ? n : 0, 250)
  const reach = { clients, queryClient, sync, me: person.id, work: session.work }
  const preview = usePreview({ session, images, keys, place, to, n: settled, reach })
  const [working, setWorking] = useState(false)
  const ready = preview.state === 'ready' && settled === n && valid
  const added = preview.state === 'ready' ? sum(preview.plans) : 0
  const go = async () => {
    if (!ready) return
    setWorking(true)
    try {
      const done = await propagate(reach, preview.plans)
      onClose()
      undoToast(
        `${count(added, 'region')} added to ${count(done.items.length, 'image')}`,
        () => void takeBack(reach, done),
        { name: 'Undo this' },
      )
    } catch (error) {
      failureToast('Not propagated', messageOf(error))
      setWorking(false)
    }
  }
  if (most < 1) return <p className={classes.text}>This is the only image of the app.</p>
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void go()
      }}
      noValidate
    >
      <Stack gap="sm">
        <p className={classes.text}>
          Copies {count(keys.length, 'region')} with concepts and attributes to the same place. Where an image has the
          same already, nothing is added.
        </p>
        <Group gap="sm" align="flex-end">
          <NumberInput
            label="How many images"
            data-autofocus
            min={1}
            max={most}
            allowDecimal={false}
            value={wanted}
            onChange={setWanted}
            w={130}
            error={valid ? undefined : `1 to ${most}`}
          />
          <SegmentedControl
            aria-label="Which images"
            value={to}
            onChange={(value) => setTo(value as typeof to)}
            data={[
              { value: 'next', label: 'Next ones', disabled: room.next < 1 },
              { value: 'previous', label: 'Previous ones', disabled: room.previous < 1 },
            ]}
          />
        </Group>
        <p className={classes.preview} role="status">
          {valid ? previewText(preview) : ' '}
        </p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!ready || added === 0} loading={working}>
            {ready && added > 0 ? `Add ${count(added, 'region')}` : 'Add'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const sum = (plans: readonly Plan[]) => plans.reduce((all, { messages }) => all + messages.length, 0)

type Preview =
  | { readonly state: 'looking'; readonly done: number; readonly of: number }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'ready'; readonly plans: readonly Plan[]; readonly skipped: number }

function previewText(preview: Preview): string {
  if (preview.state === 'failed') return messageOf(preview.error)
  if (preview.state === 'looking') return preview.of > 0 ? `Looking at ${preview.done} of ${preview.of}…` : 'Looking…'
  const { plans, skipped } = preview
  const getting = plans.filter(({ messages }) => messages.length > 0).length
  const have = plans.filter(({ messages, fits }) => messages.length === 0 && fits !== 'none').length
  const smaller = plans.filter(
    ({ messages, fits }) => fits === 'none' || (fits === 'part' && messages.length > 0),
  ).length
  const parts = [
    `${count(sum(plans), 'region')} will be added to ${count(getting, 'image')}.`,
    smaller > 0 && `On ${count(smaller, 'smaller one')} they are cut at the border, or left out beyond it.`,
    have > 0 && `${count(have, 'image has', 'images have')} them already.`,
    skipped > 0 && `${count(skipped, 'input is no image and is', 'inputs are no images and are')} left out.`,
  ]
  return parts.filter(Boolean).join(' ')
}

interface Wanted {
  readonly session: InputSession
  readonly images: Images
  readonly keys: readonly RegionKey[]
  readonly place: number
  readonly to: 'next' | 'previous'
  readonly n: number
  readonly reach: Parameters<typeof planPropagation>[0]
}

function usePreview({ session, images, keys, place, to, n, reach }: Wanted): Preview {
  const [preview, setPreview] = useState<Preview>({ state: 'looking', done: 0, of: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another number or direction is another question
  useEffect(() => {
    if (n === 0) return
    const stop = new AbortController()
    setPreview({ state: 'looking', done: 0, of: n })
    const look = async () => {
      const summaries = await images.range(to === 'next' ? place + 1 : place - n, n)
      const targets = summaries.filter(isImage).map((summary) => targetOf(session, summary))
      const told = (done: number) => {
        if (!stop.signal.aborted) setPreview({ state: 'looking', done, of: targets.length })
      }
      const plans = await planPropagation(reach, sourceOf(session, keys), targets, told, stop.signal)
      setPreview({ state: 'ready', plans, skipped: summaries.length - targets.length })
    }
    look().catch((error: unknown) => {
      if (!stop.signal.aborted) setPreview({ state: 'failed', error })
    })
    return () => stop.abort()
  }, [n, to, place])
  return preview
}

const isImage = ({ kind }: InputSummary) => kind === 'image' || kind === ''

const targetOf = ({ scope: { owner, app } }: InputSession, { inputId, width, height }: InputSummary): Target => ({
  scope: { owner, app, input: inputId },
  size: { width, height },
})

/** The chosen regions as server ⊕ outbox has them. */
function sourceOf({ state, editor }: InputSession, keys: readonly RegionKey[]): Source {
  const byId = new Map(state.annotations?.map((annotation) => [annotation.id, annotation]))
  const annotations = keys.flatMap((key) => {
    const region = editor.state.regions.get(key)
    const annotation = region && byId.get(region.annotation)
    const message = annotation && regionMessage(annotation, region.id)
    return message ? [withOnly(annotation, message)] : []
  })
  return { annotations, size: editor.state.size }
}
