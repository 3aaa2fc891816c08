import {
  Ban,
  Check,
  CheckCheck,
  Circle,
  CircleDotDashed,
  Clock,
  Lock,
  type LucideIcon,
  SkipForward,
  Undo2,
} from 'lucide-react'
import classes from './WorkBadge.module.css'
import { type BadgeKind, badgeLabels } from './workBadges.ts'

const icons: Readonly<Record<BadgeKind, LucideIcon>> = {
  todo: Circle,
  draft: CircleDotDashed,
  submitted: Check,
  waiting: Clock,
  approved: CheckCheck,
  returned: Undo2,
  denied: Ban,
  leased: Lock,
  skipped: SkipForward,
}

/** How far a piece of work is: a sign of its own for each state, named for those who do not see it. */
export function WorkBadge({ kind, label = badgeLabels[kind] }: { kind: BadgeKind; label?: string }) {
  const Icon = icons[kind]
  return (
    <span className={classes.badge} data-kind={kind} role="img" aria-label={label} title={label}>
      <Icon size={13} strokeWidth={2.25} aria-hidden />
    </span>
  )
}
