import { Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { Link, useRouter } from '@tanstack/react-router'
import { Keyboard, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react'
import { lazy, memo, Suspense, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { fullName } from '#app/people/fullName.ts'
import { useConnection } from '#app/providers.tsx'
import { failureToast } from '#ui/toast.tsx'
import { Initials } from './Initials.tsx'
import classes from './UserMenu.module.css'

const SignOutQuestion = lazy(async () => ({ default: (await import('./SignOutQuestion.tsx')).SignOutQuestion }))

const schemes = [
  { value: 'auto', label: 'Like the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const

/** Who one is, the account, the look, signing out. Also for the workspace's own bar. */
export const UserMenu = memo(function UserMenu() {
  const { person } = useApp()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { asking, setAsking, signOut, askOrSignOut } = useSignOut()
  const name = fullName(person)
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <UnstyledButton className={classes.button} aria-label={`Account of ${person.id}`}>
            <Initials name={name || person.id} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who}>
            <Text fw={600} truncate>
              {name || person.id}
            </Text>
            {name && (
              <Text c="dimmed" fz={12} truncate>
                {person.id}
              </Text>
            )}
          </div>
          <Menu.Divider />
          <Menu.Item component={Link} to="/settings" leftSection={<Settings size={14} />}>
            Account settings
          </Menu.Item>
          <Menu.Item component={Link} to="/settings/keys" leftSection={<Keyboard size={14} />}>
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Theme</Menu.Label>
          {schemes.map(({ value, label, icon: Icon }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={14} />}
              onClick={() => setColorScheme(value)}
              closeMenuOnClick={false}
              rightSection={colorScheme === value ? <span aria-hidden>✓</span> : undefined}
              aria-current={colorScheme === value || undefined}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<LogOut size={14} />} onClick={askOrSignOut}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <Suspense>
          <SignOutQuestion onStay={() => setAsking(false)} onLeave={() => void signOut()} />
        </Suspense>
      )}
    </>
  )
})

function useSignOut() {
  const { keeper } = useConnection()
  const router = useRouter()
  const { sync } = useApp()
  const [asking, setAsking] = useState(false)
  async function signOut() {
    setAsking(false)
    try {
      await keeper.signOut()
      await router.navigate({ to: '/sign-in' })
    } catch (error) {
      failureToast('Not signed out', messageOf(error))
    }
  }
  // read when it matters: followed, it would render the menu at every edit
  const askOrSignOut = () => (sync.status().waiting > 0 ? setAsking(true) : void signOut())
  return { asking, setAsking, signOut, askOrSignOut }
}
