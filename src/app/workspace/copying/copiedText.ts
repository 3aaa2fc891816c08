import { keep, keptText } from '#app/kept.ts'

const key = 'marquee.copied'
/** Larger copies stay in the page: the storage of a browser holds about 5 MB. */
const most = 2_000_000

let latest: string | undefined

/** Remembers what was copied here, for pasting under the pointer in any tab of this browser. */
export function keepCopied(text: string): void {
  latest = text
  keep(key, text.length <= most ? text : undefined)
}

/**
 * What was copied last: from the system's clipboard where the page may read it without asking, else what was copied in
 * this browser, else the clipboard with the browser asking. Undefined when there is nothing, or it was refused.
 */
export async function readCopied(): Promise<string | undefined> {
  if (await mayRead()) {
    const text = await readClipboard()
    if (text) return text
  }
  return keptText(key) ?? latest ?? (await readClipboard())
}

async function mayRead(): Promise<boolean> {
  try {
    const permission = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })
    return permission.state === 'granted'
  } catch {
    return false // browsers that do not know the permission ask each time
  }
}

async function readClipboard(): Promise<string | undefined> {
  try {
    return await navigator.clipboard.readText()
  } catch {
    return undefined
  }
}
