import { parseArgs } from 'node:util'
import { TestServer } from '#e2e/server.ts'
import { memoryOf, throwBodies } from './badBodies.ts'

/** `node proxy/conformance/soak.ts [--bodies 10000] [--seed 1]`: malformed bodies against the server as it is started. */
const { values } = parseArgs({
  options: { bodies: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})

const server = await TestServer.start({ RATE_LIMIT: '0' })
try {
  const outcome = await throwBodies(server, { bodies: Number(values.bodies), seed: Number(values.seed) })
  const peak = memoryOf(server.pid ?? 0)
  process.stdout.write(`${values.bodies} bodies: ${JSON.stringify(Object.fromEntries(outcome.answers))}\n`)
  process.stdout.write(`peak memory ${peak === undefined ? 'unknown' : `${Math.round(peak / 2 ** 20)} MB`}\n`)
  for (const failure of outcome.failures) process.stderr.write(`${failure}\n`)
  process.exitCode = outcome.failures.length > 0 || (peak ?? 0) > 1.5 * 2 ** 30 ? 1 : 0
} finally {
  await server.remove()
}
