import { Link } from '@tanstack/react-router'
import classes from '#app/workspace/TopBar.module.css'
import type { InputScope } from '#sync/scope.ts'
import { Brand } from '#ui/Brand.tsx'

interface Props {
  scope: InputScope
  /** file name, or the id where there is none */
  title: string
}

/** Where one is, as a way back. */
export function Path({ scope, title }: Props) {
  return (
    <nav aria-label="Where you are" className={classes.path}>
      <Link to="/apps" className={classes.mark} aria-label="Marquee: all apps">
        <Brand />
      </Link>
      <span className={classes.slash} aria-hidden>
        /
      </span>
      <Link to="/apps/$user/$app/inputs" params={{ user: scope.owner, app: scope.app }} className={classes.app}>
        {scope.app}
      </Link>
      <span className={classes.slash} aria-hidden>
        /
      </span>
      <h1 className={classes.title} title={title}>
        {title}
      </h1>
    </nav>
  )
}

/** The top bar before the code of its buttons is there. */
export function PathBar(props: Props) {
  return (
    <div className={classes.bar}>
      <Path {...props} />
    </div>
  )
}
