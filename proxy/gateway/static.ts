import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { sendFailure } from './transcode.ts'

/** First segments that are never pages of the app. */
const reserved = /^\/(v2|media|assets|healthz|metrics|clarifai\.|marquee\.)/

/**
 * The built app: its files, hashed ones for ever, and index.html for every page, whose path only the browser's
 * router knows. What is not there is told in the form of the API.
 * @param root folder of `vite build`; without one the server answers everything but pages
 */
export const staticPlugin = async (app: FastifyInstance, root: string): Promise<void> => {
  const isBuilt = existsSync(join(root, 'index.html'))
  if (isBuilt)
    await app.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      preCompressed: true, // the build may leave x.js.br beside x.js: better than what there is time for here
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isHashed = path.startsWith(join(root, 'assets/'))
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  app.setNotFoundHandler((request, reply) => {
    if (isBuilt && isPage(request)) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    if (!isBuilt && isPage(request)) return sendUnbuilt(reply)
    return sendFailure(request, reply, new ApiError(StatusCode.CONN_DOES_NOT_EXIST, 'there is no such path'))
  })
}

const isPage = ({ method, url, headers }: FastifyRequest): boolean => {
  const isReading = method === 'GET' || method === 'HEAD'
  const isWanted = /text\/html|\*\/\*/.test(headers.accept ?? '*/*')
  return isReading && isWanted && !reserved.test(url)
}

const sendUnbuilt = (reply: FastifyReply) =>
  reply.code(404).type('text/plain; charset=utf-8').send('The app is not built: run npm run build.\n')
