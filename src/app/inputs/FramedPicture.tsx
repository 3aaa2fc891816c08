import type { ReactNode } from 'react'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import classes from './FramedPicture.module.css'
import { Thumbnail } from './Thumbnail.tsx'

interface Props {
  readonly input: InputSummary
  /** What is drawn on it, as SVG in image pixels; not while its size is unknown. */
  readonly shapes?: ReactNode
  /** What lies over a corner of the frame. */
  readonly children?: ReactNode
}

/** A picture, whole, in a frame of 4:3. */
export function FramedPicture({ input, shapes, children }: Props) {
  const { width, height } = input
  return (
    <span className={classes.picture}>
      <span
        className={classes.fit}
        style={width > 0 ? { aspectRatio: `${width} / ${height}` } : undefined}
        data-wide={width * 3 > height * 4 || undefined}
      >
        <Thumbnail input={input} />
        {width > 0 && (
          <svg className={classes.shapes} viewBox={`0 0 ${width} ${height}`} aria-hidden>
            {shapes}
          </svg>
        )}
      </span>
      {children}
    </span>
  )
}
