import classes from './Initials.module.css'

/** A person's letters in a circle. Decoration: the name stands beside it or in the control's label. */
export function Initials({ name, size = 26 }: { name: string; size?: number }) {
  const words = name
    .replace(/ \(.*\)$/, '')
    .split(/[\s._-]+/)
    .filter(Boolean)
  const characters = (text: string | undefined) => [...(text ?? '')] // whole ones: an emoji is two code units
  const letters =
    words.length > 1
      ? `${characters(words[0])[0] ?? ''}${characters(words.at(-1))[0] ?? ''}`
      : characters(name).slice(0, 2).join('')
  return (
    <span
      aria-hidden
      className={classes.circle}
      data-letters={letters.toUpperCase()}
      style={{ width: size, height: size, fontSize: size * 0.42 }}
    />
  )
}
