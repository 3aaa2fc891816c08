import { createStore } from 'zustand/vanilla'
import type { Studio } from '#app/command.ts'

/** The workspace that is open, if one is: what keys and palette act on. */
export const studioStore = createStore<{ readonly studio: Studio | undefined }>(() => ({ studio: undefined }))

/** Which of the two sheets over every page is open. */
export const sheetStore = createStore<{ readonly open: 'palette' | 'help' | undefined }>(() => ({ open: undefined }))
