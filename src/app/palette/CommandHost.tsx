import { useMantineColorScheme } from '@mantine/core'
import { useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { useApp } from '#app/appContext.tsx'
import type { CommandContext } from '#app/command.ts'
import { ShortcutSheet } from '#app/help/ShortcutSheet.tsx'
import { loadKeymap, setKeymap, storeKeymap } from '#app/keys/keptKeymap.ts'
import type { Keymap } from '#app/keys/keymap.ts'
import { keyStore } from '#app/keys/keyStore.ts'
import { presets } from '#app/keys/presets.ts'
import { undoToast } from '#ui/toast.tsx'
import { Palette } from './Palette.tsx'
import { runKey } from './runKey.ts'
import { sheetStore, studioStore } from './studioStore.ts'

const show = (open: 'palette' | 'help' | undefined) => sheetStore.setState({ open })

/** Keys, command palette and shortcut sheet for everything behind the sign-in. Mounted once. */
export function CommandHost() {
  const open = useStore(sheetStore, (state) => state.open)
  const router = useRouter()
  const studio = useStore(studioStore, (state) => state.studio)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const { clients, person } = useApp()
  const { setColorScheme } = useMantineColorScheme()
  const context = useMemo<CommandContext>(
    () => ({
      studio,
      app: appOf(path),
      shell: {
        go: (href) => router.history.push(href),
        openPalette: () => show('palette'),
        openHelp: () => show('help'),
        setTheme: setColorScheme,
        takeKeysOf: (preset) => {
          const before = keyStore.getState().keymap
          const put = (keymap: Keymap) => {
            setKeymap(keymap)
            void storeKeymap(clients, person.id, keymap).catch(() => undefined) // sent again at the next start
          }
          put({ version: 1, preset, own: {} })
          undoToast(`Keys of ${presets[preset].name}`, () => put(before), 'Undo this')
        },
      },
    }),
    [router, studio, path, setColorScheme, clients, person.id],
  )
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => void runKey(event, context)
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [context])
  useEffect(() => void loadKeymap(clients, person.id), [clients, person.id])
  const close = () => show(undefined)
  return (
    <>
      <Palette opened={open === 'palette'} onClose={close} context={context} />
      <ShortcutSheet opened={open === 'help'} onClose={close} />
    </>
  )
}

/** The app a page belongs to, from its address. */
export function appOf(path: string): { owner: string; app: string } | undefined {
  const [, owner, app] = /^\/apps\/([^/]+)\/([^/]+)/.exec(path) ?? []
  if (owner === undefined || app === undefined) return undefined
  return { owner: decodeURIComponent(owner), app: decodeURIComponent(app) }
}
