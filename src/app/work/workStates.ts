import type { WorkState } from '#gen/marquee/v1/team_pb.ts'

/** The values of WorkState, without the code that comes with it: the workspace needs them before the first picture. */
export const workState = { any: 0, todo: 1, returned: 2, waiting: 3, done: 4, open: 5 } as const satisfies Record<
  string,
  WorkState
>
