import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** @returns its address on loopback */
export async function listenForPosts(server: FastifyInstance): Promise<string> {
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
