import classes from './Initials.module.css'

/** A person's letters in a circle. Decoration: the name stands beside it or in the control's label. */
export function Initials({ name, size = 26 }: { name: string; size?: number }) {
  const words = name.split(/[\s._-]+/).filter(Boolean)
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : name.slice(0, 2)
  return (
    <span
      aria-hidden
      className={classes.circle}
      data-letters={letters.toUpperCase()}
      style={{ width: size, height: size, fontSize: size * 0.42 }}
    />
  )
}
