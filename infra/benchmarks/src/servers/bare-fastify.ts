/**
 * The baseline of the simulator: a route of Fastify as it comes, which reads a body of JSON and
 * answers JSON as long as an answer of the Send API.
 */
import Fastify from 'fastify'
import { listenForPosts } from '../baselines/listen-for-posts.ts'
import { answerQuestions } from '../measure/worker.ts'

const ANSWER = { recipient_id: '24850000000000001', message_id: `m_${'x'.repeat(86)}` }

const server = Fastify()
server.post('/*', async () => ANSWER)

const url = await listenForPosts(server)
answerQuestions(async () => url)
