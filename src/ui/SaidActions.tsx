import { Button } from '@mantine/core'
import type { SaidAction } from './said.ts'

interface Props {
  actions: readonly SaidAction[]
  /** Takes what was said away, before the act. */
  hide: () => void
}

/** The ways to act on what was said, a button each. */
export const SaidActions = ({ actions, hide }: Props) =>
  actions.map(({ name, run }) => (
    <Button
      key={name}
      variant="light"
      size="compact-xs"
      onClick={() => {
        hide()
        run()
      }}
    >
      {name}
    </Button>
  ))
