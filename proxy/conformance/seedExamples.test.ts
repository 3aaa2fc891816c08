import { seedExamples } from './seedExamples.ts'
import { startEmbedded } from './target.ts'

seedExamples(startEmbedded)
