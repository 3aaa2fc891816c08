import { describe } from 'vitest'
import { capabilities } from './capabilities.ts'
import { seedExamples } from './seedExamples.ts'
import { startOverTls } from './target.ts'

describe('over TLS', () => {
  seedExamples(startOverTls)
  capabilities(startOverTls)
})
