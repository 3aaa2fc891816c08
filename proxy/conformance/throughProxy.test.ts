import { describe } from 'vitest'
import { capabilities } from './capabilities.ts'
import { seedExamples } from './seedExamples.ts'
import { startForwarded, startForwardedOverTls } from './target.ts'

describe('through a proxy', () => {
  seedExamples(startForwarded)
  capabilities(startForwarded)
})

describe('through a proxy, TLS on both ways', () => {
  seedExamples(startForwardedOverTls)
})
