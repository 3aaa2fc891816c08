import { MantineProvider } from '@mantine/core'
import { useNotifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { type ComponentType, createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { cssVariables, theme } from '#ui/theme.ts'
import type { Connection } from './connection.ts'
import { pictureGate } from './pictureGate.ts'

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

/** After the first picture, the rest of the page is there by then, ms. */
const QUIET_MS = 3000
const AGAIN_MS = 2000

/**
 * Loaded with the first message, or before it once the first picture is there: a message about a lost connection cannot
 * be fetched over it.
 */
function Messages() {
  const { notifications } = useNotifications()
  const [Toasts, setToasts] = useState<ComponentType>()
  const gate = useStore(pictureGate, ({ open }) => open)
  const needed = notifications.length > 0
  useEffect(() => {
    if (Toasts || !(needed || gate)) return
    let timer = setTimeout(load, needed ? 0 : QUIET_MS)
    function load() {
      import('#ui/Toasts.tsx').then(
        (module) => setToasts(() => module.Toasts),
        () => {
          timer = setTimeout(load, AGAIN_MS)
        },
      )
    }
    return () => clearTimeout(timer)
  }, [Toasts, needed, gate])
  return Toasts && <Toasts />
}
