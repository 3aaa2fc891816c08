import classes from './Kbd.module.css'

/** Keys as printed on them: `Ctrl K`. A space separates keys pressed together. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keys.split(' ').map((key) => (
        <kbd key={key} className={classes.key}>
          {key}
        </kbd>
      ))}
    </span>
  )
}
