import { Button, Checkbox, NativeSelect, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { Initials } from '#app/frame/Initials.tsx'
import { inWords } from '#app/work/ago.ts'
import type { FormerPerson } from '#gen/marquee/v1/office_pb.ts'
import type { PersonProgress } from '#gen/marquee/v1/team_pb.ts'
import type { Collaborator } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { ConfirmButton } from '#ui/ConfirmButton.tsx'
import classes from './PeoplePage.module.css'
import { duration, leftWords, openOf, percent, removalQuestion, sentBackRate } from './progressWords.ts'
import { roleOf, roles } from './roles.ts'
import { type PeopleActs, roleChoices } from './usePeopleActs.ts'

export interface PersonLine {
  readonly id: string
  /** empty: not known */
  readonly name: string
  readonly isOwner: boolean
  readonly isMe: boolean
  readonly isReviewer: boolean
  /** undefined: the owner, or somebody who has left */
  readonly collaborator: Collaborator | undefined
  /** undefined: they are here, or nothing is known of their going */
  readonly former: FormerPerson | undefined
  readonly progress: PersonProgress | undefined
}

/** Which of the rarer figures anybody has. */
export interface Known {
  readonly agreement: boolean
  readonly quality: boolean
  /** verdicts given */
  readonly decided: boolean
}

interface Props {
  person: PersonLine
  /** whether somebody's progress is known at all */
  measured: boolean
  known: Known
  canChange: boolean
  canChoose: boolean
  canRemove: boolean
  acts: PeopleActs
  onQueue: () => void
  /** of who has gone: what is to become of what they had not submitted */
  left?: ReactNode
}

/** One person: what they may do, and how their work goes. */
export function PersonRow({ person, measured, known, canChange, canChoose, canRemove, acts, onQueue, left }: Props) {
  const { id, name, isOwner, isMe, collaborator, former, progress } = person
  const shown = name || id
  const who = (
    <>
      <Initials name={shown} size={28} />
      <span className={classes.who}>
        <span>
          {shown}
          {isMe && <span className={classes.me}> (you)</span>}
        </span>
        {name && <span className={classes.id}>{id}</span>}
      </span>
    </>
  )
  return (
    <tr data-left={(!isOwner && !collaborator) || undefined}>
      <th scope="row">
        {measured && progress ? (
          <UnstyledButton className={classes.person} onClick={onQueue} title={`Show the work of ${shown}`}>
            {who}
          </UnstyledButton>
        ) : (
          <span className={classes.person}>{who}</span>
        )}
      </th>
      <td>
        <May person={person} shown={shown} canChange={canChange} acts={acts} />
      </td>
      <td className={classes.centre}>
        {canChoose && collaborator ? (
          <Checkbox
            size="xs"
            aria-label={`${shown} reviews`}
            checked={person.isReviewer}
            onChange={(event) => void acts.changeReviewer(id, shown, event.currentTarget.checked)}
          />
        ) : (
          (person.isReviewer || isOwner) && 'Yes'
        )}
      </td>
      {measured && <Numbers progress={progress} known={known} />}
      <td className={classes.acts}>
        {left}
        {collaborator && (canRemove || isMe) && (
          <ConfirmButton
            label={isMe ? 'Leave' : 'Remove'}
            subject={shown}
            question={removalQuestion(shown, progress)}
            onConfirm={() => void acts.remove(collaborator, shown)}
          />
        )}
        {former?.mayReturn && canChange && (
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Bring ${shown} back`}
            title="With the rights, tasks and open work they had"
            onClick={() => void acts.restore(id, shown)}
          >
            Bring back
          </Button>
        )}
      </td>
    </tr>
  )
}

function May({
  person,
  shown,
  canChange,
  acts,
}: { person: PersonLine; shown: string } & Pick<Props, 'canChange' | 'acts'>) {
  const { collaborator } = person
  if (person.isOwner) return <span title="Everything, settings and people included">Owner</span>
  if (!collaborator) return <span className={classes.detail}>{leftWords(person.former)}</span>
  const role = roleOf(collaborator.scopes)
  if (!canChange || person.isMe)
    return <span title={role?.description ?? collaborator.scopes.join(', ')}>{role?.label ?? 'Other rights'}</span>
  return (
    <NativeSelect
      size="xs"
      miw={148}
      aria-label={`What ${shown} may do`}
      title={role?.description ?? collaborator.scopes.join(', ')}
      data={roleChoices(role)}
      value={role?.id ?? ''}
      onChange={(event) => {
        const next = roles.find((one) => one.id === event.currentTarget.value)
        if (next) void acts.changeRole(collaborator, shown, next)
      }}
    />
  )
}

function Numbers({ progress, known }: { progress: PersonProgress | undefined; known: Known }) {
  if (!progress) return <td colSpan={6 + Number(known.agreement) + Number(known.quality) + Number(known.decided)} />
  const { counts, doneToday, medianSeconds, lastActive, agreement, quality } = progress
  return (
    <>
      <td className={classes.number}>{openOf(counts)}</td>
      <td className={classes.number} title={`${counts?.done ?? 0} done, ${counts?.waiting ?? 0} waiting`}>
        {(counts?.waiting ?? 0) + (counts?.done ?? 0)}
      </td>
      <td className={classes.number}>{doneToday}</td>
      <td className={classes.number}>{duration(medianSeconds)}</td>
      <td className={classes.number} title={`${progress.sentBack} of ${progress.verdicts} verdicts`}>
        {sentBackRate(progress)}
      </td>
      {known.agreement && <td className={classes.number}>{percent(agreement)}</td>}
      {known.quality && <td className={classes.number}>{percent(quality)}</td>}
      {known.decided && (
        <td
          className={classes.number}
          title={`${progress.decided - progress.decidedBack} approved, ${progress.decidedBack} sent back`}
        >
          {progress.decided === 0
            ? '–'
            : `${progress.decided.toLocaleString('en')} · ${percent(progress.decidedBack / progress.decided)} back`}
        </td>
      )}
      <td className={classes.number}>{lastActive ? inWords(lastActive, Date.now()) : '–'}</td>
    </>
  )
}
