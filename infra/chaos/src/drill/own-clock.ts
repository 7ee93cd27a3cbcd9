/**
 * A clock that one service alone follows, so that its time can jump while everybody else's goes on:
 * what a virtual machine that slept, or a wrong NTP step, does to one process.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface OwnClock {
  /** For `OTN_CLOCK_URL`. */
  readonly url: string
  /** How far it is from the machine's time from now on, ms; 0 = right. */
  jumpTo(offsetMs: number): void
  /** How many processes follow it now: a jump that nobody sees is none. */
  followers(): number
  close(): Promise<void>
}

export async function openOwnClock(): Promise<OwnClock> {
  const state = { offsetMs: 0, revision: 0 }
  const followers = new Set<ServerResponse>()
  const tick = () => {
    const { offsetMs, revision } = state
    return `${JSON.stringify({ nowMs: Date.now() + offsetMs, revision, running: true })}\n`
  }
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') {
      request.resume()
      response.end(tick())
      return
    }
    followers.add(response)
    response.once('close', () => followers.delete(response))
    response.write(tick())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/clock`,
    jumpTo: (offsetMs) => {
      state.offsetMs = offsetMs
      state.revision += 1
      for (const follower of followers) follower.write(tick())
    },
    followers: () => followers.size,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
