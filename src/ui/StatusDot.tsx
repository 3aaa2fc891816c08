import classes from './StatusDot.module.css'

/** How far an input is: nothing yet, labelled, looked at and empty, or with edits that have not reached the server. */
export type DotKind = 'unlabelled' | 'labelled' | 'empty' | 'unsent'

export const dotLabels: Readonly<Record<DotKind, string>> = {
  unlabelled: 'Unlabelled',
  labelled: 'Labelled',
  empty: 'Marked empty',
  unsent: 'Changes not sent yet',
}

/** A dot that differs by form as well as by colour, named for those who see neither. */
export function StatusDot({ kind }: { kind: DotKind }) {
  return (
    <span className={classes.dot} data-kind={kind} role="img" aria-label={dotLabels[kind]} title={dotLabels[kind]} />
  )
}
