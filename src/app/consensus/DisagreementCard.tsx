import { Link } from '@tanstack/react-router'
import { FramedPicture } from '#app/inputs/FramedPicture.tsx'
import { count } from '#app/messages.ts'
import { WorkBadge } from '#app/work/WorkBadge.tsx'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { InputAgreement } from '#gen/marquee/v1/team_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './Consensus.module.css'
import { PeopleShapes } from './PeopleShapes.tsx'
import { agreementBadge } from './useConsensusMode.ts'

interface Props {
  scope: AppScope
  task: string
  input: InputSummary
  /** how far people agree on it, and what became of it */
  of: InputAgreement
}

/** An image with what everybody drew on it, each in a colour of their own. */
export function DisagreementCard({ scope, task, input, of }: Props) {
  const { agreement, people } = of
  const badge = agreementBadge(of)
  return (
    <Link
      to="/apps/$user/$app/inputs/$input"
      params={{ user: scope.owner, app: scope.app, input: input.inputId }}
      search={{ consensus: task }}
      className={classes.card}
    >
      <FramedPicture input={input} shapes={<PeopleShapes scope={scope} task={task} input={input} />} />
      <span className={classes.caption}>
        <span className={classes.clip}>{input.filename || input.inputId}</span>
        <span className={classes.dim}>
          {badge && <WorkBadge kind={badge} />} {count(people, 'person', 'people')}
        </span>
        <span className={classes.share}>
          {Math.round(agreement * 100)}%<span className="visually-hidden"> agreement</span>
        </span>
      </span>
    </Link>
  )
}
