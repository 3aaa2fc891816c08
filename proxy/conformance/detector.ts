import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@bufbuild/protobuf'
import { type Bench, box } from './target.ts'

/** A detector over HTTP on loopback; it fetches the picture it is told of, as a real one would. */
export class Detector {
  readonly asked: { id: string; status: number; type: string }[] = []
  /** Resolves before it answers. */
  hold: Promise<void> = Promise.resolve()
  broken = false
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error))
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const question = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()) as {
      input: { id: string; data: { image: { url?: string; base64?: string } } }
    }
    const { url, base64 = '' } = question.input.data.image
    const picture = await fetch(url ?? `data:image/png;base64,${base64}`)
    const type = picture.headers.get('content-type') ?? ''
    await picture.arrayBuffer()
    this.asked.push({ id: question.input.id, status: picture.status, type })
    await this.hold
    if (this.broken) response.writeHead(400).end('{"error": "cannot see"}')
    else
      response.end(
        JSON.stringify({
          regions: [{ region_info: box(0.1, 0.2, 0.3, 0.4), data: { concepts: [{ id: 'dog', value: 0.75 }] } }],
        }),
      )
  }

  static async start(): Promise<Detector> {
    const detector = new Detector()
    await new Promise<void>((resolve) => detector.#server.listen(0, '127.0.0.1', resolve))
    return detector
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/detect`
  }

  stop(): void {
    this.#server.close().closeAllConnections()
  }
}

export const aModel = (url: string): JsonObject => ({
  id: 'detector',
  model_type_id: 'visual-detector',
  model_version: { metadata: { marquee: { endpoint: { url } } } },
})
export const aWorkflow = (): JsonObject => ({ id: 'detect', nodes: [{ id: 'find', model: { id: 'detector' } }] })

/** Makes a workflow of this detector the app's default; the model's version id. */
export const detectIn = async (bench: Bench, url: string): Promise<string> => {
  const { model } = await bench.ok('PostModels', { models: [aModel(url)] })
  await bench.ok('PostWorkflows', { workflows: [aWorkflow()] })
  const apps = [{ id: bench.app, default_workflow_id: 'detect' }]
  await bench.ok('PatchApps', { user_app_id: { user_id: 'owner' }, apps, action: 'overwrite' })
  return (model as { model_version: { id: string } }).model_version.id
}
