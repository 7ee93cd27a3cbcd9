import type { FastifyInstance } from 'fastify'

const IDLE_CHECK_MS = 100

/**
 * Lets a close finish: from then on every answer says `connection: close` and idle keep-alive
 * connections are shut, while requests in flight are answered. Without it a close hangs as long
 * as one keep-alive connection lives.
 */
export function closeGracefully(app: FastifyInstance): void {
  let closing = false
  app.addHook('onSend', async (_request, reply, payload) => {
    if (closing) reply.header('connection', 'close')
    return payload
  })
  app.addHook('preClose', async () => {
    closing = true
    app.server.closeIdleConnections()
    const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS)
    app.server.once('close', () => clearInterval(timer))
  })
}
