/**
 * The baseline of the ingress: a route of Fastify that takes the bytes of a body as they come,
 * looks at nothing and answers 200.
 */
import Fastify from 'fastify'
import { listenForPosts } from '../baselines/listen-for-posts.ts'
import { answerQuestions } from '../measure/worker.ts'

const server = Fastify({ bodyLimit: 4 * 1024 * 1024 })
server.removeAllContentTypeParsers()
server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
server.post('/webhook', async (_request, reply) => {
  reply.type('text/plain; charset=utf-8')
  return 'received'
})

const url = await listenForPosts(server)
answerQuestions(async () => url)
