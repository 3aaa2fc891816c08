import { suite } from './suite.ts'
import { startForwarded, startForwardedOverTls } from './target.ts'

suite('through a proxy', startForwarded, ['gRPC', 'gRPC-web', 'gRPC-web text', 'REST'])
suite('through a proxy, TLS on both ways', startForwardedOverTls, ['gRPC'])
