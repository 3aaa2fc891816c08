import type { AppScope, InputScope } from './scope.ts'

/** Where each answer lies in the query cache; a shorter key invalidates everything below it. */
export const queryKeys = {
  session: ['session'] as const,
  apps: (userId: string) => ['apps', userId] as const,
  keys: (userId: string) => ['keys', userId] as const,
  app: (s: AppScope) => ['app', s.owner, s.app] as const,
  concepts: (s: AppScope) => ['app', s.owner, s.app, 'concepts'] as const,
  collaborators: (s: AppScope) => ['app', s.owner, s.app, 'collaborators'] as const,
  /** Every page and filter of the input summaries of an app. */
  summaries: (s: AppScope) => ['app', s.owner, s.app, 'summaries'] as const,
  /** Everything about who has to do what, and how far it is. */
  work: (s: AppScope) => ['app', s.owner, s.app, 'work'] as const,
  tasks: (s: AppScope) => ['app', s.owner, s.app, 'tasks'] as const,
  task: (s: AppScope, task: string) => ['app', s.owner, s.app, 'tasks', task] as const,
  /** Everything of every single input. */
  inputs: (s: AppScope) => ['app', s.owner, s.app, 'inputs'] as const,
  input: (s: InputScope) => ['app', s.owner, s.app, 'inputs', s.input] as const,
  annotations: (s: InputScope) => ['app', s.owner, s.app, 'inputs', s.input, 'annotations'] as const,
}
