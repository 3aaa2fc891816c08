import { createServer } from 'vite'
import { readConfig } from './config.ts'
import { startServer } from './server.ts'

/**
 * `npm run dev`: the server of the settings, and Vite with hot reload in front of it. Vite keeps the Host header, so
 * its address is "our own origin" to the server behind it, and sign-in works as in production.
 */
const server = await startServer(readConfig(process.env))
const vite = await createServer({
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['^/clarifai\\.', '^/marquee\\.', '^/v2(/|$)', '^/media/', '^/healthz$', '^/metrics$'].map((path) => [
        path,
        { target: server.url, changeOrigin: false, secure: false },
      ]),
    ),
  },
})
await vite.listen()
for (const [user, { password }] of Object.entries(server.demo ?? {}))
  process.stdout.write(`${user.padEnd(12)} password ${password}\n`)
process.stdout.write(`Marquee is ready at ${vite.resolvedUrls?.local[0]?.replace(/\/$/, '')}\n`)

const stop = async () => {
  await vite.close()
  await server.close()
  process.exit(0)
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
