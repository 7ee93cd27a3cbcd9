/** Puts the pretend world together: pages, people, clock, queue. Nothing listens yet. */
import { createHmac } from 'node:crypto'

import { appError } from '@otn/kernel'
import { Agent } from 'undici'

import { createSimulatedClock, machineTime, type SimulatedClock } from './clock/simulated-clock.ts'
import { createTimetable, type Timetable } from './clock/timetable.ts'
import type { WebhookWires } from './control/webhook-control.ts'
import { evolve, newWorld } from './domain/evolve.ts'
import type { Fact } from './domain/facts.ts'
import { seededIds } from './domain/ids.ts'
import { namedDraw } from './domain/random.ts'
import { defaultSwitches } from './domain/switches.ts'
import { fairWeather } from './domain/webhook-weather.ts'
import type { Page } from './domain/world.ts'
import { noJournal, openJournal, replayJournal } from './journal.ts'
import { Gate } from './limits/gate.ts'
import {
  defaultApp,
  defaultPages,
  defaultPeople,
  defaultWebhooks,
  retryProfileOf,
  type SimulatorOptions,
} from './options.ts'
import { watchWebhooks } from './page/watch-webhooks.ts'
import type { Witness } from './page/witness.ts'
import { type App, Simulation } from './simulation.ts'
import { DeliveryQueue } from './webhooks/delivery-queue.ts'
import { shakeHands } from './webhooks/handshake.ts'
import { postWebhook, type WebhookPost } from './webhooks/post-webhook.ts'
import { appSecretProof } from './webhooks/sign.ts'

export interface BuiltSimulation {
  readonly simulation: Simulation
  readonly wires: WebhookWires
  /** Lets nothing more happen by itself. */
  stop(): void
  /** Gives connections and files back, after the servers have closed. */
  release(): Promise<void>
}

/** Puts a world together that a witness looks on at. */
export function buildSimulation(
  options: SimulatorOptions,
  seed: string,
  witness: Witness,
): BuiltSimulation {
  const app = readApp(options)
  const world = newWorld(pagesOf(options, app), graphAppOf(app))
  const { journalFile } = options
  const relive = (fact: Fact): void => {
    evolve(world, fact)
    witness.sawFact(fact)
  }
  const earlier = journalFile === undefined ? 0 : replayJournal(journalFile, relive)
  const { startAtMs = Date.now(), running = true } = options.clock ?? {}
  const clock = createSimulatedClock({ startAtMs: startAtMs + world.aheadMs, running })
  // A restarted world must not draw the numbers of its former life again.
  const ownSeed = earlier === 0 ? seed : `${seed}\n${earlier}`
  const parts = { app, clock, witness, seed: ownSeed }
  const journal = journalFile === undefined ? noJournal : openJournal(journalFile)
  const { queue, wires, timetable, ...wiring } = buildWebhooks(options, parts)
  const ids = seededIds(ownSeed)
  const simulation = new Simulation({
    app,
    world,
    ids,
    clock,
    switches: { ...defaultSwitches, ...options.switches },
    queue,
    journal: {
      ...journal,
      add: (fact) => {
        journal.add(fact)
        witness.sawFact(fact)
      },
    },
    prove: (accessToken) => appSecretProof(accessToken, app.appSecret),
    shake: (wanted) => shakeHands({ ...wanted, ...wires, challenge: ids.challenge() }),
    gate: new Gate(options.limits ?? null, machineTime().nowMs),
  })
  const { subscription } = world.graph
  if (subscription !== null) queue.setCallback(subscription.callbackUrl)
  if (world.threads.size === 0) welcome(options.people ?? defaultPeople, simulation)
  return {
    simulation,
    wires,
    stop: () => {
      queue.close()
      timetable.close()
    },
    release: async () => {
      await wiring.dispatcher.destroy()
      journal.close()
    },
  }
}

function readApp(options: SimulatorOptions): App {
  const { appId, appSecret, verifyToken } = { ...defaultApp, ...options }
  const formerAppSecret = options.formerAppSecret ?? `former ${appSecret}`
  if (/^\d+$/.test(appId) && Number.isSafeInteger(Number(appId))) {
    return { appId, appSecret, formerAppSecret, verifyToken }
  }
  const message = `appId: "${appId}" came, digits up to ${Number.MAX_SAFE_INTEGER} are wanted`
  throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message })
}

function graphAppOf({ appId, appSecret }: App) {
  const accessToken = `${appId}|${appSecret}`
  const proof = appSecretProof(accessToken, appSecret)
  return { appId, name: 'One-time notifications', accessToken, proof }
}

/** Access tokens follow from the app secret, so that a restart leaves connected pages connected. */
function pagesOf({ pages = defaultPages }: SimulatorOptions, { appSecret }: App): readonly Page[] {
  return pages.map(({ pageId, name }) => {
    const digest = createHmac('sha512', appSecret).update(`page ${pageId}`).digest('base64')
    const accessToken = `EAASIM${digest.replace(/[^A-Za-z0-9]/g, '')}`
    return { pageId, name, accessToken, appSecretProof: appSecretProof(accessToken, appSecret) }
  })
}

function welcome(names: readonly string[], simulation: Simulation): void {
  for (const { pageId } of simulation.world.pages.values()) {
    for (const name of names) {
      const person = { pageId, psid: simulation.ids.psid(), name }
      simulation.tell([{ type: 'PersonJoined', person }])
    }
  }
}

interface WebhookParts {
  readonly app: App
  readonly clock: SimulatedClock
  readonly seed: string
  readonly witness: Witness
}

function buildWebhooks(options: SimulatorOptions, parts: WebhookParts) {
  const { app, clock, seed, witness } = parts
  const webhooks = { ...defaultWebhooks, ...options.webhooks }
  const { answerTimeoutMs, concurrency, eventsPerPostMax } = webhooks
  const weather = { ...fairWeather, eventsPerPostMax, ...webhooks.weather }
  const dispatcher = new Agent({
    connections: concurrency,
    connect: { timeout: answerTimeoutMs },
  })
  const retryClock = webhooks.retryTime === 'machine' ? machineTime() : clock
  const timetable = createTimetable(retryClock)
  const limits = { dispatcher, answerTimeoutMs }
  const carry = (parcel: WebhookPost) => postWebhook(parcel, limits)
  const post = watchWebhooks(carry, witness, () => clock.nowMs())
  const queue = new DeliveryQueue({
    concurrency,
    retry: retryProfileOf(webhooks.retry),
    weather,
    secrets: app,
    draw: (name) => namedDraw(seed, name),
    nowMs: () => clock.nowMs(),
    retryTime: { nowMs: retryClock.nowMs, timetable },
    post,
  })
  const closing: Timetable = {
    at: timetable.at,
    close: () => {
      void dispatcher.destroy()
      timetable.close()
    },
  }
  return { queue, dispatcher, timetable: closing, wires: { dispatcher, answerTimeoutMs, post } }
}
