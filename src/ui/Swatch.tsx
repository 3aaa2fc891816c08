import classes from './Swatch.module.css'

/** A concept's colour. Decoration: the name stands beside it. */
export function Swatch({ color, size = 12 }: { color: string; size?: number }) {
  return <span aria-hidden className={classes.swatch} style={{ background: color, width: size, height: size }} />
}
