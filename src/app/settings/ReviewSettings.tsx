import { SegmentedControl, Stack, Switch } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRights } from '#app/apps/rights.ts'
import { messageOf } from '#app/messages.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import type { App } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { type AppSettings, changeSettings, settingsOf } from '#sync/appSettings.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { Section } from '#ui/Page.tsx'
import { failureToast } from '#ui/toast.tsx'
import classes from './ReviewSettings.module.css'
import { policyWords } from './reviewPolicy.ts'

const ways = [
  { value: 'none', label: 'None' },
  { value: 'manual', label: 'By reviewers' },
  { value: 'consensus', label: 'Consensus' },
]

/** What becomes of work that was assigned outside of tasks once it is submitted; the owner sets it, others see it. */
export function ReviewSettings({ scope, app }: { scope: AppScope; app: App | undefined }) {
  const { clients } = useApp()
  const queryClient = useQueryClient()
  const { isOwner } = useRights(scope)
  const nameOf = useNameOf(scope)
  /** what was chosen, until the server has answered */
  const [asked, setAsked] = useState<Partial<AppSettings>>({})
  const settings = { ...settingsOf(app), ...asked }
  const fixed = !isOwner || app === undefined
  async function change(changed: Partial<AppSettings>) {
    setAsked(changed)
    try {
      await changeSettings(clients, scope, () => changed)
    } catch (error) {
      failureToast('Not changed', messageOf(error))
    }
    await queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })
    setAsked({})
  }
  return (
    <Section
      title="Review of assigned work"
      hint="For images that are given to people outside of tasks; each task says for itself."
    >
      <Stack gap="md">
        <div>
          <SegmentedControl
            aria-label="Review of assigned work"
            data={ways}
            value={settings.review}
            disabled={fixed}
            onChange={(review) => void change({ review: review as AppSettings['review'] })}
          />
          <p className={classes.words} role="status">
            {policyWords(settings, nameOf)}{' '}
            {isOwner && settings.review !== 'none' && (
              <Link to="/apps/$user/$app/people" params={{ user: scope.owner, app: scope.app }}>
                Choose reviewers
              </Link>
            )}
          </p>
        </div>
        <Switch
          label="People may review their own work"
          description="For a team of one. Holds in tasks as well."
          checked={settings.reviewsOwnWork}
          disabled={fixed}
          onChange={(event) => void change({ reviewsOwnWork: event.currentTarget.checked })}
        />
      </Stack>
    </Section>
  )
}
