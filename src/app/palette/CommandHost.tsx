import { useMantineColorScheme } from '@mantine/core'
import { useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { useApp } from '#app/appContext.tsx'
import type { CommandContext } from '#app/command.ts'
import { ShortcutSheet } from '#app/help/ShortcutSheet.tsx'
import { loadKeymap } from '#app/keys/keptKeymap.ts'
import { presets } from '#app/keys/presets.ts'
import { useTakeKeys } from '#app/keys/useTakeKeys.ts'
import { useSharedVertices } from '#app/settings/useSharedVertices.ts'
import { ChordHint } from './ChordHint.tsx'
import { Palette } from './Palette.tsx'
import { runKey } from './runKey.ts'
import { sheetStore, studioStore } from './studioStore.ts'

const show = (open: 'palette' | 'help' | undefined) => sheetStore.setState({ open })

/** Keys, command palette and shortcut sheet for everything behind the sign-in. Mounted once. */
export function CommandHost() {
  const open = useStore(sheetStore, (state) => state.open)
  const router = useRouter()
  // not the whole path: another image renders nothing here
  const path = useRouterState({ select: ({ location }) => appPath(location.pathname) })
  const { clients, person } = useApp()
  const { setColorScheme } = useMantineColorScheme()
  const takeKeys = useTakeKeys()
  const shareVertices = useSharedVertices()
  const context = useMemo<CommandContext>(
    () => ({
      get studio() {
        return studioStore.getState().studio
      },
      app: appOf(path),
      shell: {
        go: (href) => router.history.push(href),
        openPalette: () => show('palette'),
        openHelp: () => show('help'),
        setTheme: setColorScheme,
        takeKeysOf: (preset) => takeKeys({ version: 1, preset, own: {} }, `Keys of ${presets[preset].name}`),
        toggleSharedVertices: (app) => void shareVertices(app),
      },
    }),
    [router, path, setColorScheme, takeKeys, shareVertices],
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
      <ChordHint />
      <ShortcutSheet opened={open === 'help'} onClose={close} />
    </>
  )
}

const ofApp = /^\/apps\/([^/]+)\/([^/]+)/

/** The part of a page's path that is its app's. */
const appPath = (path: string): string => ofApp.exec(path)?.[0] ?? ''

/** The app a page belongs to, from its address. */
export function appOf(path: string): { owner: string; app: string } | undefined {
  const [, owner, app] = ofApp.exec(path) ?? []
  if (owner === undefined || app === undefined) return undefined
  return { owner: decodeURIComponent(owner), app: decodeURIComponent(app) }
}
