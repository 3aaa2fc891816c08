import { suite } from './suite.ts'
import { startOverTls } from './target.ts'

suite('embedded, over TLS', startOverTls, ['gRPC', 'Connect', 'REST'])
