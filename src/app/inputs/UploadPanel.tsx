import { ActionIcon, Button, Progress, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, RotateCw, X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { UploadItem } from '#sync/uploads.ts'
import classes from './UploadPanel.module.css'
import { useUploads } from './useUploads.ts'

/** Heights in CSS px; one that was not taken says why in two lines. */
const ROW = 40
const REASON_ROW = 72
const isOver = ({ state }: UploadItem): boolean => state === 'refused' || state === 'failed'
const heightOf = (item: UploadItem | undefined): number => (item?.reason ? REASON_ROW : ROW)

/** Every upload of this page, at the lower right of every framed screen for as long as there is one to tell of. */
export function UploadPanel() {
  const { uploads } = useApp()
  const items = useUploads()
  const [open, setOpen] = useState(true)
  const tally = tallyOf(items)
  const busy = tally.left > 0
  useWarningOnLeaving(busy)
  if (items.length === 0) return null
  const clear = () => {
    for (const item of items) if (item.state !== 'sending') uploads.remove(item.id)
  }
  return (
    <section className={classes.panel} aria-label="Uploads">
      <div className={classes.head}>
        <UnstyledButton className={classes.title} onClick={() => setOpen(!open)} aria-expanded={open}>
          <span aria-live="polite">{headline(tally)}</span>
          {open ? <ChevronDown size={14} aria-hidden /> : <ChevronUp size={14} aria-hidden />}
        </UnstyledButton>
        {tally.failed > 0 && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => items.filter((item) => item.state === 'failed').map((item) => uploads.retry(item.id))}
          >
            Retry {tally.failed}
          </Button>
        )}
        {!busy && (
          <ActionIcon size={24} aria-label="Close the list of uploads" onClick={clear}>
            <X size={14} />
          </ActionIcon>
        )}
      </div>
      {busy && <Progress value={tally.share * 100} size={3} radius={0} aria-label="Upload progress" />}
      {open && <UploadList items={items} />}
    </section>
  )
}

/** What needs somebody first. */
function UploadList({ items: all }: { items: readonly UploadItem[] }) {
  const items = useMemo(() => [...all.filter(isOver), ...all.filter((item) => !isOver(item))], [all])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(items[index]),
    overscan: 6,
  })
  const reasons = items.filter((item) => item.reason).length
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights change when reasons come and go
  useEffect(() => rows.measure(), [reasons, items.length, rows])
  return (
    <section
      ref={scroller}
      className={classes.list}
      style={{ height: Math.min(rows.getTotalSize(), 6 * ROW) }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      aria-label="Files"
    >
      <ul className={classes.space} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index]
          return (
            item && (
              <li
                key={item.id}
                className={classes.row}
                style={{ transform: `translateY(${row.start}px)`, height: row.size }}
              >
                <UploadRow item={item} />
              </li>
            )
          )
        })}
      </ul>
    </section>
  )
}

function UploadRow({ item }: { item: UploadItem }) {
  const { uploads } = useApp()
  const name = item.file.name
  const over = isOver(item)
  return (
    <>
      <span className={classes.file}>
        <span className={classes.name} title={name}>
          {name}
        </span>
        <span className={classes.state} data-bad={over || undefined} title={item.reason}>
          {stateText(item)}
        </span>
      </span>
      {item.state === 'done' && <CircleCheck size={14} className={classes.done} aria-hidden />}
      {item.state === 'failed' && (
        <ActionIcon size={24} aria-label={`Retry ${name}`} onClick={() => uploads.retry(item.id)}>
          <RotateCw size={14} />
        </ActionIcon>
      )}
      {item.state === 'refused' && <CircleAlert size={14} className={classes.bad} aria-hidden />}
      {(over || item.state === 'waiting') && (
        <ActionIcon size={24} aria-label={`Remove ${name} from the list`} onClick={() => uploads.remove(item.id)}>
          <X size={14} />
        </ActionIcon>
      )}
    </>
  )
}

function stateText(item: UploadItem): string {
  switch (item.state) {
    case 'waiting':
      return 'Waiting'
    case 'sending':
      return item.progress > 0 ? `Sending, ${Math.round(item.progress * 100)} %` : 'Sending'
    case 'done':
      return 'Added'
    case 'refused':
      return item.reason ?? 'Refused by the server'
    case 'failed':
      return item.reason ?? 'Not sent'
  }
}

interface Tally {
  readonly left: number
  readonly done: number
  readonly refused: number
  readonly failed: number
  /** 0…1 of all bytes, roughly: files count alike */
  readonly share: number
}

function tallyOf(items: readonly UploadItem[]): Tally {
  const number = (...states: readonly UploadItem['state'][]) =>
    items.filter((item) => states.includes(item.state)).length
  const finished = items.reduce(
    (sum, item) => sum + (item.state === 'waiting' ? 0 : item.state === 'sending' ? item.progress : 1),
    0,
  )
  return {
    left: number('waiting', 'sending'),
    done: number('done'),
    refused: number('refused'),
    failed: number('failed'),
    share: items.length === 0 ? 0 : finished / items.length,
  }
}

function headline({ left, done, refused, failed }: Tally): string {
  const bad = [refused > 0 && `${refused} refused`, failed > 0 && `${failed} not sent`].filter(Boolean)
  const good = left > 0 ? `Adding ${left}…` : `${done} added`
  return [good, ...bad].join(', ')
}

function useWarningOnLeaving(busy: boolean): void {
  useEffect(() => {
    if (!busy) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [busy])
}
