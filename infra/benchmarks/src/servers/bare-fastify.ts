/**
 * The baseline of all HTTP: a route of Fastify as it comes, which reads a body of JSON and answers
 * JSON as long as an answer of the Send API.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { answerQuestions } from '../measure/worker.ts'

const ANSWER = { recipient_id: '24850000000000001', message_id: `m_${'x'.repeat(86)}` }

const server = Fastify()
server.post('/*', async () => ANSWER)
server.listen({ host: '127.0.0.1', port: 0 })
await once(server.server, 'listening')
const { port } = server.server.address() as AddressInfo

answerQuestions(async () => `http://127.0.0.1:${port}`)
