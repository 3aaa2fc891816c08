import type { Kysely } from 'kysely'
import type { Tables } from '#proxy/store/schema.ts'

/** One step of a migration: a statement, or work on what is stored. */
export type Step = string | ((db: Kysely<Tables>) => Promise<void>)
