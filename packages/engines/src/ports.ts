/**
 * Loopback ports. They are taken from below the range out of which systems choose the local port
 * of outgoing connections: a client that reconnects to a stopped engine inside that range can be
 * given the engine's own port, and then either talks to itself or keeps the engine from starting.
 */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { appError } from '@otn/kernel'
import type { ChosenPort } from './engine.ts'
import { portOwner } from './port-owner.ts'

const LOWEST = 15_000
const HIGHEST = 30_000
const ROUNDS_MAX = 200

const handedOut = new Set<number>()

/**
 * A loopback port on which nobody listens, never given twice by this process.
 * @throws OTN_ENGINE_FAILED when none is found.
 */
export async function freePort(): Promise<number> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const port = randomInt(LOWEST, HIGHEST)
    if (handedOut.has(port)) continue
    handedOut.add(port)
    if (await isFree(port)) return port
  }
  const message = `no free loopback port between ${LOWEST} and ${HIGHEST}`
  throw appError('OTN_ENGINE_FAILED', { message })
}

/**
 * Passes only when all chosen ports are free.
 * @throws OTN_ENGINE_PORT_TAKEN naming setting, port and owner of every one that is not.
 */
export async function requireFree(chosen: readonly ChosenPort[]): Promise<void> {
  const taken: string[] = []
  for (const { setting, port } of chosen) {
    if (await isFree(port)) continue
    taken.push(`${setting}: port ${port} is taken by ${await portOwner(port)}`)
  }
  if (taken.length === 0) return
  const advice = 'Stop that process, choose another port, or leave the setting out for a free one.'
  throw appError('OTN_ENGINE_PORT_TAKEN', { message: `${taken.join('; ')}. ${advice}` })
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const bound = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(true))
  })
  if (bound) await new Promise((resolve) => server.close(resolve))
  return bound
}
