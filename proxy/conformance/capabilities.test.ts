import { capabilities } from './capabilities.ts'
import { startEmbedded } from './target.ts'

capabilities(startEmbedded)
