import { CommitQueue } from '#app/workspace/masks/commitQueue.ts'
import type { EncodeMask } from '#app/workspace/masks/maskEncoder.ts'
import type { ReadMasks } from '#app/workspace/masks/maskReader.ts'
import { Editor } from '#editor/editor.ts'
import type { RegionChange } from '#editor/history.ts'
import { PointerInput } from '#editor/input.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import type { Edit } from '#model/change.ts'
import { newId } from '#model/ids.ts'
import { imageAnnotationId } from '#model/imageConcepts.ts'
import { splitTag, type TagChange, tagsOf, withTag } from '#model/imageTags.ts'
import { type AsWork, type Region, regionsOf, unreadMasks } from '#model/region.ts'
import { withoutAnswered } from '#model/suggestions.ts'
import { type NewNote, newNote } from '#sync/notes.ts'
import type { Problem } from '#sync/problem.ts'
import type { InputScope } from '#sync/scope.ts'
import type { Sync } from '#sync/sync.ts'
import { annotationChange } from './annotationChange.ts'
import { DraftKeeper } from './draftKeeper.ts'
import { HistoryKeeper, type Kept } from './keptHistory.ts'

/** What the panels show of the input, besides the editor's own state. A new object whenever something in it changed. */
export interface SessionState {
  /** server ⊕ outbox; undefined until the server or this device has said anything */
  readonly annotations: readonly Annotation[] | undefined
  /** what was refused or clashes, by annotation id */
  readonly problems: ReadonlyMap<string, Problem>
}

export interface SessionOptions {
  readonly sync: Sync
  /** What the server last said, read whenever the sync tells of a change: an acknowledged edit is in it at once. */
  readonly server: () => readonly Annotation[] | undefined
  readonly scope: InputScope
  /** of the image as displayed, px; 0 × 0 for what is no image */
  readonly size: Size
  readonly me: string
  /** where history and unfinished shapes are kept, when the input is open as a piece of something */
  readonly historyAt?: InputScope | undefined
  /** the input is open as assigned work, or to review it */
  readonly work?: AsWork | undefined
  /** which annotations belong on the screen; without it all that a person may see */
  readonly shows?: ((annotation: Annotation) => boolean) | undefined
  readonly whyNotEdit: (region: Region) => string | undefined
  /** Without it masks stay as received. */
  readonly readMasks?: ReadMasks | undefined
  /** Without it every mask is encoded as it is committed. */
  readonly encodeMask?: EncodeMask | undefined
}

const KEEP_AFTER_MS = 150
/** One array, so that what lies over it keeps its identity. */
const nothing: readonly Annotation[] = []

/**
 * One input, open: joins the editor, which knows regions of one image, with the sync, which knows annotations on a
 * server. What the editor commits becomes an annotation change; what server ⊕ outbox says becomes regions.
 */
export class InputSession {
  readonly scope: InputScope
  readonly editor: Editor
  readonly input: PointerInput
  readonly #options: SessionOptions
  readonly #listeners = new Set<() => void>()
  readonly #removed = new Map<string, Annotation>()
  readonly #keeper: HistoryKeeper
  readonly #draft: DraftKeeper
  readonly #commits: CommitQueue
  #byId: ReadonlyMap<string, Annotation> = new Map()
  #state: SessionState = { annotations: undefined, problems: new Map() }
  #keepTimer: ReturnType<typeof setTimeout> | undefined
  #restored: 'not yet' | 'loading' | 'done' = 'not yet'
  /** stops what goes on after the image was left */
  #linger: (() => void) | undefined
  /** masks that somebody has been asked to read */
  readonly #asked = new WeakSet<Uint8Array>()

  constructor(options: SessionOptions) {
    this.#options = options
    this.scope = options.scope
    const historyAt = options.historyAt ?? options.scope
    this.#keeper = new HistoryKeeper(options.sync, historyAt)
    this.editor = new Editor({
      size: options.size,
      userId: options.me,
      canEdit: options.whyNotEdit,
      ownTags: imageAnnotationId(this.#whole),
    })
    this.input = new PointerInput(this.editor)
    this.#draft = new DraftKeeper(this.editor, options.sync.drafts, historyAt)
    this.#commits = new CommitQueue({
      size: options.size,
      encode: options.encodeMask,
      send: (change, tags) => this.#send(change, tags),
      busy: () => options.sync.expect(),
    })
  }

  get state(): SessionState {
    return this.#state
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Begins to follow the sync and to send what is drawn; returns the way to stop. May be called again after that. An
   * undo that waits for what is still being read is done first: only then it stops.
   */
  start(): () => void {
    this.#linger?.()
    const stops = [
      this.#options.sync.subscribe(() => this.refresh()),
      this.editor.onCommit((change, _, tags) => {
        this.#commits.add(change, tags)
        this.#keepSoon()
      }),
      this.editor.subscribe((state, previous) => {
        if (state.hidden !== previous.hidden || state.locked !== previous.locked) this.#keepSoon()
        if (state.toolState !== previous.toolState) this.#draft.changed()
      }),
    ]
    this.refresh()
    void this.#restore()
    const stop = () => {
      for (const each of stops) each()
      this.flush()
    }
    return () => {
      this.flush()
      this.#linger = afterHeld(this.editor, stop)
    }
  }

  /** Hands all that was done to the outbox, history and draft to the device, now; for when the page is left. */
  flush(): void {
    this.#commits.flush()
    this.#draft.flush()
    if (this.#keepTimer === undefined) return
    clearTimeout(this.#keepTimer)
    this.#keep()
  }

  /** The person's own annotation about the whole input. */
  get own(): Annotation | undefined {
    return this.#byId.get(imageAnnotationId(this.#whole))
  }

  annotation(id: string): Annotation | undefined {
    return this.#byId.get(id)
  }

  /** The annotation has edits that the server does not have yet. */
  isUnsent(id: string): boolean {
    const server = this.#options.server()?.find((annotation) => annotation.id === id)
    return this.#byId.get(id) !== server
  }

  /** Writes a note on the input; answers with its id. Without a thread it begins one of its own. */
  addNote(note: Omit<NewNote, 'id' | 'inputId' | 'userId' | 'thread'> & { thread?: string }): string {
    const id = newId()
    const after = newNote({ thread: id, ...note, id, inputId: this.scope.input, userId: this.#options.me })
    void this.#options.sync.edit(this.scope, new Map([[id, { after }]]))
    this.refresh()
    return id
  }

  /** Takes back a note of this person; answers with the way to have it again. */
  removeNote(id: string): (() => void) | undefined {
    const before = this.#byId.get(id)
    if (!before) return undefined
    void this.#options.sync.edit(this.scope, new Map([[id, { before }]]))
    this.refresh()
    return () => {
      void this.#options.sync.edit(this.scope, new Map([[id, { after: before }]]))
      this.refresh()
    }
  }

  /** Says that the whole input shows the concept (1), does not (0), or nothing about it (undefined). */
  setTick(conceptId: string, value: 0 | 1 | undefined): void {
    this.editor.setTag(conceptId, value)
  }

  /** Takes a concept from somebody else's annotation about the whole input. */
  removeTick(annotationId: string, conceptId: string): void {
    this.editor.setTag(conceptId, undefined, annotationId)
  }

  /** Says, or takes back, "looked at, nothing here". */
  setEmpty(empty: boolean): void {
    this.editor.markEmpty(empty)
  }

  get work(): AsWork | undefined {
    return this.#options.work
  }

  get #whole() {
    const { owner, app, input } = this.scope
    return { owner, app, inputId: input, userId: this.#options.me, work: this.work }
  }

  retry(annotationId: string): void {
    this.#options.sync.retry([{ ...this.scope, annotation: annotationId }])
  }

  discard(annotationId: string): void {
    this.#options.sync.discard([{ ...this.scope, annotation: annotationId }])
  }

  /** What is said of the whole input, annotation by annotation. */
  #tagEdits(tags: TagChange): ReadonlyMap<string, Edit<Annotation>> {
    const edits = new Map<string, Edit<Annotation>>()
    for (const [key, { after: value }] of tags) {
      const { annotation: id } = splitTag(key)
      const before = this.#byId.get(id)
      const after = withTag(edits.get(id)?.after ?? before, key, value, this.#whole)
      if (after) edits.set(id, { before, after })
    }
    return edits
  }

  #send(change: RegionChange, tags: TagChange | undefined): void {
    const edits = annotationChange(change, {
      annotation: (id) => this.#byId.get(id),
      removed: (id) => this.#removed.get(id),
      size: this.#options.size,
      inputId: this.scope.input,
      userId: this.#options.me,
      work: this.work,
    })
    for (const [id, { before, after }] of edits) if (before && !after) this.#removed.set(id, before)
    const all = tags ? new Map([...edits, ...this.#tagEdits(tags)]) : edits
    void this.#options.sync.edit(this.scope, all)
    this.refresh()
  }

  /** Brings annotations, problems and the editor's regions in line with server ⊕ outbox. */
  refresh(): void {
    const { sync } = this.#options
    const server = this.#options.server()
    const overlay = this.#shown(sync.overlay(this.scope, server ?? nothing))
    const annotations = server || overlay.length > 0 ? overlay : undefined
    const problems = sync.problems(this.scope)
    const { state } = this
    if (sameItems(annotations, state.annotations) && problems === state.problems) return
    const changed = !sameItems(annotations, state.annotations)
    this.#state = { annotations, problems }
    if (changed) this.#load(annotations ?? [])
    for (const listener of [...this.#listeners]) listener()
  }

  #shown(annotations: readonly Annotation[]): readonly Annotation[] {
    const { shows } = this.#options
    return shows ? annotations.filter(shows) : annotations
  }

  #load(annotations: readonly Annotation[]): void {
    this.#byId = new Map(annotations.map((annotation) => [annotation.id, annotation]))
    const { size } = this.#options
    const all = size.width === 0 ? [] : annotations.flatMap((annotation) => regionsOf(annotation, size))
    const tags = this.#commits.tagsOver(tagsOf(annotations))
    const seen = this.#commits.regionsOver(new Map(all.map((region) => [region.key, region])))
    const regions = withoutAnswered([...seen.values()], tags, imageAnnotationId(this.#whole))
    this.editor.load(new Map(regions.map((region) => [region.key, region])), tags)
    this.#readMasks(annotations)
  }

  /** Has masks read that nobody has read yet; when some are known they become shapes. */
  #readMasks(annotations: readonly Annotation[]): void {
    const { size, readMasks } = this.#options
    if (!readMasks || size.width === 0) return
    const unread = annotations
      .flatMap((annotation) => unreadMasks(annotation, size))
      .filter((bytes) => !this.#asked.has(bytes))
    for (const bytes of unread) this.#asked.add(bytes)
    if (unread.length > 0) readMasks(unread, size, () => this.#load(this.#state.annotations ?? []))
  }

  async #restore(): Promise<void> {
    if (this.#restored !== 'not yet') return
    this.#restored = 'loading'
    this.editor.setHistoryComing(true)
    try {
      const kept = await this.#keeper.load()
      this.#restored = 'done'
      const since = this.editor.state.canUndo
      if (kept) this.#takeUp(kept)
      if (since) this.#keep()
    } finally {
      this.editor.setHistoryComing(false)
    }
    await this.#draft.resume()
  }

  #takeUp(kept: Kept): void {
    for (const [id, annotation] of kept.removed) if (!this.#removed.has(id)) this.#removed.set(id, annotation)
    this.editor.restoreHistory(kept.history)
    this.editor.setHidden(kept.hidden, true)
    this.editor.setLocked(kept.locked, true)
  }

  #keepSoon(): void {
    this.#keepTimer ??= setTimeout(() => this.#keep(), KEEP_AFTER_MS)
  }

  #keep(): void {
    this.#keepTimer = undefined
    // what is kept belongs before what is new: once it is read, all of it is written
    if (this.#restored !== 'done') return
    const { hidden, locked } = this.editor.state
    const kept = { history: this.editor.history(), removed: this.#removed, hidden: [...hidden], locked: [...locked] }
    // losing the history loses no work: the edits themselves are in the outbox
    void this.#keeper.save(kept).catch(() => undefined)
  }
}

/** How long an image that was left is waited for, ms: what has not come by then may never. */
const HELD_FOR_MS = 60_000

/** Does it once no undo waits any more; returns the way to do it at once. */
function afterHeld(editor: Editor, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopListening: (() => void) | undefined
  const end = () => {
    if (!stopListening) return
    clearTimeout(timer)
    stopListening()
    stopListening = undefined
    act()
  }
  stopListening = editor.subscribe(() => !editor.holds && end())
  timer = setTimeout(end, HELD_FOR_MS)
  if (!editor.holds) end()
  return end
}

function sameItems(a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean {
  if (a === b) return true
  return a !== undefined && b !== undefined && a.length === b.length && a.every((item, i) => item === b[i])
}
