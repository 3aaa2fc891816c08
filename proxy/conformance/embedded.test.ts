import { suite } from './suite.ts'
import { startEmbedded } from './target.ts'

suite('embedded', startEmbedded)
