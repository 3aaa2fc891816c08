import { useQuery } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useNameOf } from '#app/people/useNameOf.ts'
import { encodeMask } from '#app/workspace/masks/maskEncoder.ts'
import { readMasks } from '#app/workspace/masks/maskReader.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { ToolId } from '#editor/tools/tool.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import { settingsOf } from '#sync/appSettings.ts'
import { appQuery } from '#sync/queries.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { InputScope } from '#sync/scope.ts'
import { keepBrush, readBrush } from './keptBrush.ts'
import { historyPlace, type Opened, showsOf, workOf } from './opened.ts'
import { askEvery } from './others.ts'
import { whyNotEdit } from './rights.ts'
import { InputSession, type SessionState } from './session.ts'

/** A part of the editor's state; `select` must give the same object while its part stays. */
export function useEditorState<T>(editor: Editor, select: (state: EditorState) => T): T {
  return useSyncExternalStore(editor.subscribe, () => select(editor.state))
}

export function useSessionState(session: InputSession): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state)
}

/** What the next image inherits from the one before. */
interface Carried {
  tool: ToolId
  concept: string | undefined
}

/**
 * The session of one input; another when the input or its size changes. Tool and concept go on from image to image.
 * @param width 0 while unknown or when the input is no image
 * @param opened what the input is open for; the same object while it stays
 * @param fixes whose regions the person may change while they review them
 */
export function useSession(
  scope: InputScope,
  width: number,
  height: number,
  startConcept: string | undefined,
  opened: Opened | undefined,
  fixes: { readonly current: string | undefined },
) {
  const { clients, queryClient, sync, person } = useApp()
  const { owner, app, input } = scope
  const nameOf = useNameOf(scope)
  const carried = useRef<Carried>({ tool: 'select', concept: startConcept })
  const last = useRef<Editor>(undefined)
  const session = useMemo(() => {
    const whole = { owner, app, input }
    const made = new InputSession({
      sync,
      server: () => queryClient.getQueryData(queryKeys.annotations(whole)),
      scope: whole,
      size: { width, height },
      me: person.id,
      historyAt: historyPlace(whole, opened),
      work: workOf(opened),
      shows: showsOf(opened, person.id),
      whyNotEdit: (region) =>
        whyNotEdit(region, {
          scope: whole,
          me: person.id,
          nameOf,
          fixes: fixes.current,
          compares: opened?.as === 'consensus',
        }),
      readMasks,
      encodeMask,
    })
    made.editor.setTool(carried.current.tool)
    made.editor.setConcept(carried.current.concept)
    made.editor.setBrush(readBrush())
    // it will lie in the same place of the page: the first rendering shows it as it stays
    if (last.current) made.editor.resize(last.current.state.viewport)
    last.current = made.editor
    // what was fetched ahead is in the first rendering: a second one would cost as much
    made.refresh()
    return made
  }, [sync, queryClient, owner, app, input, width, height, person.id, nameOf, opened, fixes])
  const annotations = useQuery({
    ...annotationsQuery(clients, scope),
    refetchInterval: askEvery,
    refetchOnReconnect: 'always',
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: new data is what the session has to look at
  useLayoutEffect(() => session.refresh(), [session, annotations.data])
  const { data: details } = useQuery({ ...appQuery(clients, scope), staleTime: 60_000, retry: false })
  const { sharedVertices } = settingsOf(details)
  useLayoutEffect(() => session.editor.setSharedVertices(sharedVertices), [session, sharedVertices])
  useEffect(() => {
    const stopCarrying = session.editor.subscribe(({ tool, concept, brush }, previous) => {
      if (brush !== previous.brush) keepBrush(brush)
      // the knife is for what is selected here
      carried.current = { tool: tool === 'cut' ? 'select' : tool, concept }
    })
    const stop = session.start()
    const flush = () => {
      // a stroke under way is part of its mask before the page is gone
      session.input.blur()
      session.flush()
    }
    window.addEventListener('pagehide', flush)
    // sooner, so that there is time to write it down
    window.addEventListener('beforeunload', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      window.removeEventListener('beforeunload', flush)
      document.removeEventListener('visibilitychange', flush)
      session.input.blur()
      stopCarrying()
      stop()
    }
  }, [session])
  return { session, annotations }
}
