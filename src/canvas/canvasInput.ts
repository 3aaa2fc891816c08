import type { PointerInput } from '#editor/input.ts'
import type { RawPointer } from '#editor/rawPointer.ts'

const pointerKind = (type: string): RawPointer['kind'] => (type === 'pen' || type === 'touch' ? type : 'mouse')

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

/** Keys that a focused control wants for itself. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('button, a[href], [role="option"], [role="radio"], [role="menuitem"], summary') !== null

const keyFacts = (event: KeyboardEvent) => ({
  code: event.code,
  key: event.key,
  shift: event.shiftKey,
  alt: event.altKey,
  ctrl: event.ctrlKey,
  meta: event.metaKey,
  repeat: event.repeat,
})

/**
 * Leads the browser's pointer, wheel and key events on `surface` to the editor's input. Held keys are heard from the
 * whole window, except while text is typed. Returns the way to stop.
 */
export const attachInput = (surface: HTMLElement, input: PointerInput): (() => void) => {
  const stop = new AbortController()
  const { signal } = stop

  const raw = (event: PointerEvent | MouseEvent, id: number, kind: RawPointer['kind']): RawPointer => {
    const { left, top } = surface.getBoundingClientRect()
    return {
      id,
      kind,
      at: [event.clientX - left, event.clientY - top],
      buttons: event.buttons,
      button: event.button,
      shift: event.shiftKey,
      alt: event.altKey,
      ctrl: event.ctrlKey,
      meta: event.metaKey,
      time: event.timeStamp,
    }
  }
  const pointer = (event: PointerEvent): RawPointer => {
    const kind = pointerKind(event.pointerType)
    const facts = raw(event, event.pointerId, kind)
    return kind === 'pen' ? { ...facts, pressure: event.pressure } : facts
  }

  const onPointer = <
    K extends 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel' | 'pointerleave' | 'lostpointercapture',
  >(
    type: K,
    listener: (event: PointerEvent) => void,
  ) => surface.addEventListener(type, listener, { signal })

  onPointer('pointerdown', (event) => {
    // the browser gives the surface the focus by itself, without a ring; the middle button would start its scrolling
    if (event.button === 1) event.preventDefault()
    // but not for a finger, whose mouse events are left out below
    if (event.pointerType === 'touch') surface.focus({ preventScroll: true })
    try {
      surface.setPointerCapture(event.pointerId)
    } catch {
      // the pointer is gone already: the gesture then ends with the next event
    }
    input.down(pointer(event))
  })
  onPointer('pointermove', (event) => {
    const coalesced = event.buttons ? event.getCoalescedEvents().map(pointer) : undefined
    input.move(pointer(event), coalesced)
  })
  onPointer('pointerup', (event) => input.up(pointer(event)))
  onPointer('pointercancel', (event) => input.cancel(pointer(event)))
  // after a release this finds nothing left to end
  onPointer('lostpointercapture', (event) => input.cancel(pointer(event)))
  onPointer('pointerleave', () => input.leave())

  // not passive, or the page would scroll and zoom along
  surface.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const { left, top } = surface.getBoundingClientRect()
      input.wheel({
        at: [event.clientX - left, event.clientY - top],
        deltaX: event.deltaX,
        deltaY: event.deltaY,
        deltaMode: event.deltaMode,
        ctrl: event.ctrlKey,
        shift: event.shiftKey,
        alt: event.altKey,
        time: event.timeStamp,
      })
    },
    { passive: false, signal },
  )
  // a finger needs none of the mouse events that browsers make up for it: one of them would press what has opened under it
  surface.addEventListener(
    'touchend',
    (event) => {
      if (event.cancelable) event.preventDefault()
    },
    { passive: false, signal },
  )
  surface.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.isComposing || event.defaultPrevented || isTextField(event.target)) return
      if (event.code === 'Space' && isControl(event.target)) return
      if (input.keyDown(keyFacts(event))) event.preventDefault()
    },
    // before whoever turns keys into commands: those leave alone what is prevented here
    { capture: true, signal },
  )
  window.addEventListener('keyup', (event) => input.keyUp(keyFacts(event)), { signal })
  window.addEventListener('blur', () => input.blur(), { signal })
  return () => stop.abort()
}
