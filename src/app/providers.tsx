import { MantineProvider } from '@mantine/core'
import { useNotifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { createContext, lazy, type ReactNode, Suspense, useContext, useRef } from 'react'
import { cssVariables, theme } from '#ui/theme.ts'
import type { Connection } from './connection.ts'

const ConnectionContext = createContext<Connection | undefined>(undefined)

/** @throws Error outside {@link Providers} */
export function useConnection(): Connection {
  const connection = useContext(ConnectionContext)
  if (!connection) throw new Error('useConnection() needs <Providers>')
  return connection
}

/** What every screen needs, signed in or not: look, messages, the server's answers. */
export function Providers({ connection, children }: { connection: Connection; children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <ConnectionContext value={connection}>
        <QueryClientProvider client={connection.queryClient}>{children}</QueryClientProvider>
      </ConnectionContext>
      <Messages />
    </MantineProvider>
  )
}

const Toasts = lazy(async () => ({ default: (await import('#ui/Toasts.tsx')).Toasts }))

/** Loaded with the first message: until then there is nothing to show. */
function Messages() {
  const { notifications } = useNotifications()
  const needed = useRef(false)
  needed.current ||= notifications.length > 0
  return (
    needed.current && (
      <Suspense>
        <Toasts />
      </Suspense>
    )
  )
}
