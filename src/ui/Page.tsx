import type { ReactNode } from 'react'
import classes from './Page.module.css'

interface Props {
  title: string
  /** One short line under the title. */
  hint?: ReactNode
  /** At the right of the title: the page's main actions. */
  actions?: ReactNode
  /** For tables: as wide as the window lets it be. */
  wide?: boolean
  children: ReactNode
}

/** A page of text and lists: a title line and a column of readable width. */
export function Page({ title, hint, actions, wide = false, children }: Props) {
  return (
    <div className={classes.page} data-wide={wide || undefined}>
      <div className={classes.head}>
        <div>
          <h1 className={classes.title}>{title}</h1>
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  )
}

/** A titled part of a page. */
export function Section({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2 className={classes.sectionTitle}>{title}</h2>
      {hint && <p className={classes.hint}>{hint}</p>}
      <div className={classes.sectionBody}>{children}</div>
    </section>
  )
}
