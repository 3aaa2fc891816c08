import { useMemo } from 'react'
import type { InputOutlines, InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import classes from './InputGrid.module.css'
import { outlinePaths } from './outlinePaths.ts'

interface Props {
  input: InputSummary
  outlines: InputOutlines
  colorOf: (concept: string) => string
}

/** What people drew, over a thumbnail: one path a concept. Decoration: the count stands beside the name. */
export function Outlines({ input, outlines, colorOf }: Props) {
  const { width, height } = input
  const paths = useMemo(() => [...outlinePaths(outlines.outlines, width, height)], [outlines, width, height])
  if (width === 0 || height === 0) return null
  return (
    <svg className={classes.outlines} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {paths.map(([concept, path]) => (
        <path key={concept} d={path} stroke={colorOf(concept)} />
      ))}
    </svg>
  )
}
