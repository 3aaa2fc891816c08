import { pictureGate } from '#app/pictureGate.ts'

/**
 * Lets the app open without a network after a first visit. The service worker fetches the rest of the app, so it comes
 * when the first picture is there; in the development server, and where the browser has none, there is none.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const register = () => {
    // without one the app works as before: nothing to say to anybody
    navigator.serviceWorker.register('/sw.js').catch(() => undefined)
  }
  const later = () => setTimeout(register, LATER_MS)
  if (pictureGate.getState().open) later()
  else {
    const stop = pictureGate.subscribe(() => {
      stop()
      later()
    })
  }
}

/** After the first picture, ms: what the screen itself needs is there by then. */
const LATER_MS = 2000
