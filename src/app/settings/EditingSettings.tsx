import { Switch } from '@mantine/core'
import { useState } from 'react'
import { useRights } from '#app/apps/rights.ts'
import type { App } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { settingsOf } from '#sync/appSettings.ts'
import type { AppScope } from '#sync/scope.ts'
import { Section } from '#ui/Page.tsx'
import { useSharedVertices } from './useSharedVertices.ts'

/** How everybody who works in the app draws; the owner sets it, others see it. */
export function EditingSettings({ scope, app }: { scope: AppScope; app: App | undefined }) {
  const { isOwner } = useRights(scope)
  const setShared = useSharedVertices()
  /** what was chosen, until the server has answered */
  const [asked, setAsked] = useState<boolean>()
  const change = async (sharedVertices: boolean) => {
    setAsked(sharedVertices)
    await setShared(scope, sharedVertices)
    setAsked(undefined)
  }
  return (
    <Section title="Editing" hint={isOwner ? 'For everybody who works in this app.' : 'Set by the owner of the app.'}>
      <Switch
        label="Shared vertices move together"
        description="Polygons that were snapped to each other stay joined when one of them is changed. Ctrl while dragging detaches."
        checked={asked ?? settingsOf(app).sharedVertices}
        disabled={!isOwner || app === undefined}
        onChange={(event) => void change(event.currentTarget.checked)}
      />
    </Section>
  )
}
