import { randomBytes } from 'node:crypto'

import { appError } from '@otn/kernel'
import type { FastifyInstance } from 'fastify'

import { buildSimulation } from './build-simulation.ts'
import { createFollowers } from './clock/followers.ts'
import { type Control, createControl } from './control/control.ts'
import { createControlServer, type SimulatedPage } from './http/control-server.ts'
import { createGraphServer } from './http/graph-server.ts'
import type { SimulatorOptions } from './options.ts'
import { createKnowledgeSource } from './page/knowledge-source.ts'
import { servePage } from './page/page-routes.ts'
import { watchGraphSide } from './page/watch-graph-side.ts'
import { createWitness } from './page/witness.ts'
import type { App } from './simulation.ts'

/** How long followers of the clock may take to confirm a jump. */
const CONFIRM_TIMEOUT_MS = 10_000

/** A running stand-in for Meta, with everything a test may do to it. */
export interface Simulator extends Control, App {
  /** Base address of the Graph side, without a version. */
  readonly graphUrl: string
  /** Base address of the control side. */
  readonly simulatorUrl: string
  /** What a service follows as `OTN_CLOCK_URL`. */
  readonly clockUrl: string
  readonly seed: string
  readonly pages: readonly SimulatedPage[]
  /** Ends both sides and every connection, once; webhooks on their way are forgotten. */
  close(): Promise<void>
}

/**
 * Starts the Graph side and the control side on addresses of their own, so that a test can take
 * the one away and keep the other.
 *
 * @throws OTN_ENGINE_PORT_TAKEN, OTN_HTTP_CONFLICT (callback not verified), OTN_CONFIG_INVALID
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? randomBytes(8).toString('hex')
  const witness = createWitness()
  const built = buildSimulation(options, seed, witness)
  const { simulation, wires } = built
  const followers = createFollowers()
  const control = createControl(simulation, {
    ...wires,
    followers,
    confirmTimeoutMs: CONFIRM_TIMEOUT_MS,
  })
  const { app } = simulation
  const pages = [...simulation.world.pages.values()].map(
    ({ pageId, name, accessToken }): SimulatedPage => ({ pageId, name, accessToken }),
  )
  const watch = watchGraphSide(witness, () => simulation.clock.nowMs())
  const graphSide = createGraphServer(simulation, watch)
  const controlSide = createControlServer({ control, followers, app, pages })
  const { knowledge: asked } = options
  const knowledge = asked === undefined ? null : createKnowledgeSource(asked, wires.dispatcher)
  servePage(controlSide, { simulation, control, witness, knowledge })
  let closing: Promise<void> | undefined
  // Once: a file closed twice may by then be somebody else's.
  const close = (): Promise<void> => {
    closing ??= (async () => {
      followers.close()
      built.stop()
      await Promise.all([graphSide.close(), controlSide.close()])
      await built.release()
    })()
    return closing
  }
  try {
    const { host = '127.0.0.1', graphPort = 0, port = 0, webhooks } = options
    const graphUrl = await listen(graphSide, { host, port: graphPort })
    const simulatorUrl = await listen(controlSide, { host, port })
    if (webhooks?.callbackUrl !== undefined) {
      await control.registerWebhook({ callbackUrl: webhooks.callbackUrl })
    }
    const clockUrl = `${simulatorUrl}/clock`
    return { ...control, ...app, graphUrl, simulatorUrl, clockUrl, seed, pages, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listen(
  server: FastifyInstance,
  at: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await server.listen(at)
  } catch (cause) {
    const message = `${at.host}:${at.port} cannot be listened on`
    throw appError('OTN_ENGINE_PORT_TAKEN', { message, publicMessage: message, cause })
  }
}
