import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useApp } from '#app/appContext.tsx'
import { fullName } from '#app/people/fullName.ts'
import { SignIn } from '#gen/marquee/v1/marquee_pb.ts'
import { Page, Section } from '#ui/Page.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { AccessTokens } from './AccessTokens.tsx'
import classes from './AccountPage.module.css'
import { ChangePassword } from './ChangePassword.tsx'

/** One's own account: who one is, the look, the password, keys for programs. */
export function AccountPage() {
  usePageTitle('Account')
  const { person, session } = useApp()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Page title="Account">
      <Section title="Profile">
        <dl className={classes.facts}>
          <dt>Name</dt>
          <dd>{fullName(person) || '–'}</dd>
          <dt>User id</dt>
          <dd>
            <code>{person.id}</code>
          </dd>
          <dt>Server</dt>
          <dd>
            {window.location.host}
            {session.version && `, version ${session.version}`}
          </dd>
        </dl>
      </Section>
      <Section title="Theme" hint="Kept in this browser.">
        <SegmentedControl
          aria-label="Theme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={[
            { value: 'auto', label: 'Like the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </Section>
      {session.signIn !== SignIn.ACCESS_TOKEN && (
        <Section title="Password" hint="Changing it signs you out everywhere else.">
          <ChangePassword />
        </Section>
      )}
      <Section
        title="Personal access tokens"
        hint="For scripts and the official clients. A token can do everything you can: keep it as you would a password."
      >
        <AccessTokens />
      </Section>
    </Page>
  )
}
