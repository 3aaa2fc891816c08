import { useEffect } from 'react'
import { plainTarget } from '#app/workspace/plain/plainTarget.ts'
import type { Editor } from '#editor/editor.ts'
import { keepCopied } from './copiedText.ts'

/** Copies and pastes regions through the browser's clipboard events, which need no permission and work in any tab. */
export function useClipboard(editor: Editor | undefined): void {
  useEffect(() => {
    if (!editor) return
    const onCopy = (event: ClipboardEvent) => {
      const text = window.getSelection()?.toString() ?? ''
      if (!plainTarget(event.target) || text !== '' || editor.state.selected.size === 0) return
      const copied = editor.copy()
      event.clipboardData?.setData('text/plain', copied)
      keepCopied(copied)
      event.preventDefault()
      return
    }
    const onCut = (event: ClipboardEvent) => {
      onCopy(event)
      if (event.defaultPrevented) editor.deleteSelected()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (plainTarget(event.target)) editor.paste(event.clipboardData?.getData('text/plain') ?? '')
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCut)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCut)
      document.removeEventListener('paste', onPaste)
    }
  }, [editor])
}
