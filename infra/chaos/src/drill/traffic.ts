/** People and product teams who go on as if nothing were broken, at a steady rate or slower. */
import { setTimeout as delay } from 'node:timers/promises'
import { commandKeyOf } from '@otn/auditor'
import type { Appender, OutRecord } from '@otn/bus'
import {
  type CancelNotification,
  cloudEventHeaders,
  kafkaTopics,
  type Notify,
  type RequestOptIn,
} from '@otn/contracts'
import type { Simulator } from '@otn/meta-simulator'
import type { Deployment } from '@otn/stack'
import { request } from 'undici'
import { Random } from '../simulation/random.ts'
import type { CellOptions } from './cell-options.ts'
import type { LogWatch } from './log-watch.ts'
import type { ServiceUnderFire } from './service-under-fire.ts'
import {
  type Addressee,
  cancelOf,
  commandOf,
  nextStory,
  questionOf,
  type Story,
  type Wish,
} from './story.ts'

export interface TrafficParts {
  readonly options: CellOptions
  readonly meta: Simulator
  readonly log: LogWatch
  readonly deployment: Deployment
  readonly dispatcher: ServiceUnderFire
}

export interface Consent {
  readonly page: string
  readonly psid: string
  readonly token: string
}

export interface Traffic {
  /** Everybody who tapped. */
  readonly consents: readonly Consent[]
  /** Commands that were acknowledged, by the auditor's key. */
  readonly published: ReadonlySet<string>
  /** Commands that have no final fact and no verdict yet. */
  open(): readonly string[]
  /** Goes on until `pause`, as fast as what is asked for ends; harmless when it runs. */
  run(): void
  /** Resolves when what had begun is done, whatever became of it. */
  pause(): Promise<void>
  /** Stories that broke off: what they left out, nobody else misses. */
  failures(): readonly string[]
  /** One story, outside the rate. */
  tell(story: Story): Promise<void>
  publish(records: readonly OutRecord[]): Promise<void>
  /** A name that no other story has. */
  name(): string
  stop(): Promise<void>
}

const RETRY_MS = 250
/**
 * Of commands without an end. Above it nobody asks for more: a machine too slow for the rate would
 * strike its faults into a queue that nobody reaches, and time its own limits in their place.
 */
const OPEN_MAX = 200
/** An appender's own patience; a cluster that elects needs longer, so publishers ask again. */
const APPEND_MS = 10_000
const POST_TRIES_MAX = 600
/** Longer than any fault: engines that are away for so long do not come back, and that is told. */
const PUBLISH_MS = 300_000

/** @param publishMs how long a product team goes on publishing what nobody acknowledges */
export function openTraffic(parts: TrafficParts, publishMs = PUBLISH_MS): Traffic {
  const { options, meta, log } = parts
  const random = new Random(options.seed)
  const appender = log.bus.appender({ name: 'drill', deadlineMs: APPEND_MS })
  const pages = meta.pages.map(({ pageId }) => pageId)
  const state = { count: 0, isRunning: false, isClosed: false, running: Promise.resolve() }
  const consents: Consent[] = []
  const published = new Set<string>()
  const underWay = new Set<Promise<void>>()
  const failures: string[] = []

  const name = (): string => {
    state.count += 1
    return `${options.name}-${state.count}`
  }
  const publish = (records: readonly OutRecord[]) =>
    untilTaken(appender, records, { isClosed: () => state.isClosed, publishMs })
  const tell = async (story: Story): Promise<void> => {
    const page = pages[random.below(pages.length)] ?? ''
    const psid = await personOf(story, page)
    await say({ ...parts, publish, published }, story, { page, psid, nowMs: meta.nowMs() })
  }
  const personOf = async (story: Story, page: string): Promise<string> => {
    if (!story.isConsented) return meta.addPeople({ pageId: page })[0]?.psid ?? ''
    const payload = `otn1:${story.topic}:`
    const { psid, token } = await meta.tap({ pageId: page, payload })
    consents.push({ page, psid, token })
    return psid
  }
  const open = () => [...published].filter((key) => !log.hasEnded(key))
  const loop = async (): Promise<void> => {
    while (state.isRunning) {
      if (open().length >= OPEN_MAX) {
        await delay(RETRY_MS)
        continue
      }
      const story = tell(nextStory(random, name()))
        .catch((error: unknown) => void failures.push(`a story broke off: ${wordsOf(error)}`))
        .finally(() => underWay.delete(story))
      underWay.add(story)
      await delay(1_000 / options.rate)
    }
    await Promise.all(underWay)
  }
  const pause = async (): Promise<void> => {
    state.isRunning = false
    await state.running
  }
  return {
    ...{ consents, published, open, tell, publish, name, pause },
    failures: () => failures,
    run: () => {
      if (state.isRunning) return
      state.isRunning = true
      state.running = loop()
    },
    stop: async () => {
      state.isClosed = true
      await pause()
      await appender.close(APPEND_MS)
    },
  }
}

interface Saying extends TrafficParts {
  readonly publish: (records: readonly OutRecord[]) => Promise<void>
  readonly published: Set<string>
}

/** One moment for all copies: the same command again is the same to the byte. */
async function say(parts: Saying, { wishes, questions = [] }: Story, to: Addressee): Promise<void> {
  const { publish, published } = parts
  const cancel = (wish: Wish) => publish(recordsOf(parts, 'cancel', cancelOf(wish, to)))
  for (const wish of wishes) {
    const command = commandOf(wish, to)
    if (wish.isCancelled === 'before') await cancel(wish)
    if (wish.isPosted) await post(parts, command)
    else await publish(recordsOf(parts, 'notify', command, wish.copies))
    published.add(commandKeyOf(to.page, wish.id))
    if (wish.isCancelled === 'after') await cancel(wish)
  }
  for (const id of questions) {
    await publish(recordsOf(parts, 'optInRequest', questionOf(id, to)))
    published.add(commandKeyOf(to.page, id, true))
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface Commands {
  readonly notify: Notify
  readonly optInRequest: RequestOptIn
  readonly cancel: CancelNotification
}

/** The command as a record, so many times. */
function recordsOf<Topic extends keyof Commands>(
  { log }: TrafficParts,
  topic: Topic,
  command: Commands[Topic],
  copies = 1,
): readonly OutRecord[] {
  const key = `${command.pageId}:${command.commandId}`
  const type = kafkaTopics[topic].record
  const value = log.codec.encode<typeof type>(type, command)
  const headers = cloudEventHeaders({ id: key, source: '/otn/client/drill', type })
  return Array.from({ length: copies }, () => ({ topic, key, value, headers: { ...headers } }))
}

interface Publishing {
  readonly isClosed: () => boolean
  readonly publishMs: number
}

/** A publisher that does not give up soon: the same record again is the same command. */
async function untilTaken(
  appender: Appender,
  records: readonly OutRecord[],
  { isClosed, publishMs }: Publishing,
): Promise<void> {
  const startedMs = performance.now()
  for (;;) {
    try {
      await appender.append(records)
      return
    } catch (error) {
      if (isClosed() || performance.now() - startedMs > publishMs) throw error
      await delay(RETRY_MS)
    }
  }
}

/** A caller by HTTP repeats, as the answer 503 says, until it is told 202. */
async function post({ dispatcher, deployment }: TrafficParts, command: Notify): Promise<void> {
  const { commandId, requestedAt: _, ...body } = command
  for (let tries = 0; tries < POST_TRIES_MAX; tries += 1) {
    const status = await request(`${dispatcher.url}/v1/notifications`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${deployment.apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': commandId,
      },
      body: JSON.stringify(body),
      headersTimeout: 5_000,
    }).then(
      async (answer) => {
        await answer.body.dump()
        return answer.statusCode
      },
      () => 0,
    )
    if (status === 202) return
    if (status !== 0 && status !== 503) throw new Error(`a command was answered ${status}`)
    await delay(RETRY_MS)
  }
  throw new Error('a command by HTTP was not taken in time')
}
