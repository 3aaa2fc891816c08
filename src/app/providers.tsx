import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
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
      <Notifications position="bottom-center" limit={4} />
    </MantineProvider>
  )
}
