import { Button, Loader, Menu } from '@mantine/core'
import { Download, Plus } from 'lucide-react'
import { type Archive, type Export, exportFormats, type FormatId, missingFormats } from '#sync/exports.ts'
import { ConfirmButton } from '#ui/ConfirmButton.tsx'
import classes from './ExportsPage.module.css'
import { bytes, contentsOf, labelsIn, progressOf } from './exportWords.ts'

interface Props {
  one: Export
  /** The name of a task. */
  taskName: (id: string) => string
  canExport: boolean
  canDelete: boolean
  onMake: (formats: readonly FormatId[]) => void
  onDelete: () => void
}

const labelOf = (id: FormatId): string => exportFormats.find((format) => format.id === id)?.label ?? id

/** One export: what it holds, how far it is, its archives to download. */
export function ExportRow({ one, taskName, canExport, canDelete, onMake, onDelete }: Props) {
  const progress = progressOf(one)
  const labels = labelsIn(one.labels, taskName)
  const name = [one.name || one.dataset, ...(labels ? [labels] : [])].join(', ')
  const other = exportFormats.filter(({ id }) => !one.wanted.includes(id) && !one.archives.some((a) => a.format === id))
  return (
    <li className={classes.row}>
      <span className={classes.what}>
        <span className={classes.name} title={name}>
          {name}
        </span>
        <span className={classes.detail} data-bad={one.state === 'failed' || undefined} aria-live="polite">
          <time dateTime={one.at.toISOString()}>{one.at.toLocaleString('en', whenFormat)}</time> ·{' '}
          {progress ?? (one.counts && contentsOf(one.counts))}
        </span>
      </span>
      <span className={classes.archives}>
        {one.archives.map((archive) => (
          <ArchiveButton key={archive.format} archive={archive} name={name} onRetry={() => onMake([archive.format])} />
        ))}
        {missingFormats(one).map((id) => (
          <Making key={id} format={id} />
        ))}
        {canExport && one.state === 'ready' && other.length > 0 && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<Plus size={14} />}
                aria-label={`Other formats of ${name}`}
              >
                Format
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {other.map(({ id, label }) => (
                <Menu.Item key={id} onClick={() => onMake([id])}>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </span>
      {canDelete ? (
        <ConfirmButton
          label="Delete"
          subject={name}
          question="This export and its archives are gone for good. Inputs and labels stay as they are."
          onConfirm={onDelete}
        />
      ) : (
        <span />
      )}
    </li>
  )
}

const whenFormat = { dateStyle: 'medium', timeStyle: 'short' } as const

function ArchiveButton({ archive, name, onRetry }: { archive: Archive; name: string; onRetry: () => void }) {
  const label = labelOf(archive.format)
  if (archive.state === 'ready')
    return (
      <Button
        component="a"
        href={archive.url}
        download
        variant="default"
        size="compact-sm"
        leftSection={<Download size={14} />}
        aria-label={`Download ${label} of ${name}, ${bytes(archive.size)}`}
      >
        {label} · {bytes(archive.size)}
      </Button>
    )
  if (archive.state === 'failed')
    return (
      <Button variant="default" size="compact-sm" color="red" title={archive.problem} onClick={onRetry}>
        {label} failed: try again
      </Button>
    )
  return <Making format={archive.format} />
}

function Making({ format }: { format: FormatId }) {
  return (
    <span className={classes.making} role="status">
      <Loader size={12} aria-hidden /> Making {labelOf(format)}…
    </span>
  )
}
