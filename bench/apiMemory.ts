import { readFileSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { connectTo } from '#bench/apiClients.ts'
import { type ApiRow, atMost } from '#bench/apiReport.ts'
import { makeApp, succeeded } from '#bench/apiSetup.ts'
import { inApp, randomOf } from '#bench/apiWorkload.ts'
import { TestServer } from '#e2e/server.ts'

const APP = 'bench-big'
const MB = 2 ** 20

/** Resident memory of a process, now and at its highest, in bytes. Linux. */
const memoryOf = (pid: number): { now: number; peak: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024
  return { now: field('VmRSS'), peak: field('VmHWM') }
}

/** What one picture of 100 MB costs a server that has just started: its bytes, beside the process as it was. */
export const measureBigInput = async (): Promise<ApiRow[]> => {
  const server = await TestServer.start({ RATE_LIMIT: '0' })
  try {
    const api = connectTo(server.url, server.credentials('owner').pat)
    await makeApp(api, APP)
    const picture = await bigPicture()
    const pid = server.pid!
    writeFileSync(`/proc/${pid}/clear_refs`, '5') // the peak starts anew
    const { now } = memoryOf(pid)
    const started = performance.now()
    succeeded(await api.postInputs({ userAppId: inApp(APP), inputs: [{ data: { image: { base64: picture } } }] }))
    const seconds = (performance.now() - started) / 1000
    const { peak } = memoryOf(pid)
    const figure = (bytes: number) => `${Math.round(bytes / MB)} MB`
    return [
      { what: 'The server before', figure: figure(now) },
      {
        what: `One input of ${figure(picture.length)}, in ${seconds.toFixed(1)} s: peak`,
        figure: figure(peak),
        ratio: atMost('1.5 GB', peak / (1536 * MB), 1),
      },
      {
        what: '  above the server before',
        figure: figure(peak - now),
        ratio: { to: 'its bytes', is: (peak - now) / picture.length },
      },
    ]
  } finally {
    await server.remove()
  }
}

/** Grain that nothing compresses, as a PNG of 100 MB. */
const bigPicture = (): Promise<Buffer> => {
  const [width, height] = [6000, 5825]
  const random = randomOf(1)
  const words = Uint32Array.from({ length: Math.ceil((width * height * 3) / 4) }, () => random() * 2 ** 32)
  const pixels = Buffer.from(words.buffer, 0, width * height * 3)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}
