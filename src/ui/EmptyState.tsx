import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

interface Props {
  icon?: LucideIcon
  title: string
  /** What it means and what to do next, one or two sentences. */
  children?: ReactNode
  /** The way on: usually one button. */
  action?: ReactNode
  /** Where it is the whole page, its title is the page's. */
  wholePage?: boolean
}

/** What stands where a list would be when there is nothing to list. */
export function EmptyState({ icon: Icon, title, children, action, wholePage = false }: Props) {
  const Title = wholePage ? 'h1' : 'h2'
  return (
    <div className={classes.root}>
      {Icon && <Icon size={28} strokeWidth={1.5} aria-hidden className={classes.icon} />}
      <Title className={classes.title}>{title}</Title>
      {children && <p className={classes.text}>{children}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
