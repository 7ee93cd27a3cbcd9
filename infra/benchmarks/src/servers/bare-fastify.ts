/** The baseline of all HTTP: a route that reads the body as bytes and answers 200. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { answerQuestions } from '../measure/worker.ts'

const server = Fastify()
server.removeAllContentTypeParsers()
server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
server.post('/*', async () => ({ ok: true }))
server.listen({ host: '127.0.0.1', port: 0 })
await once(server.server, 'listening')
const { port } = server.server.address() as AddressInfo

answerQuestions(async () => `http://127.0.0.1:${port}`)
