import { setTimeout as sleep } from 'node:timers/promises'
import { appError } from '@otn/kernel'
import kafkajs, { type Admin } from 'kafkajs'
import { errorName } from '../error-name.ts'
import type { SharedAdmin } from '../shared-admin.ts'
import type { TopicNames } from '../topic-names.ts'
import { allHaveLeaders, describeTopics, NOT_YET } from './describe-topics.ts'
import { hiddenTopics, isDenied } from './hidden-topics.ts'
import type { ApplyReport, ApplyTopics, TopicAdmin, TopicSettings } from './topic-admin.ts'
import { type FoundTopic, settingFaults, topicFaults } from './topic-faults.ts'
import { type WantedTopic, wantedTopics } from './wanted-topic.ts'

// Node sees only some names of this CommonJS module; the rest hangs on the default import.
const { ConfigResourceTypes } = kafkajs

const CREATE_TIMEOUT_MS = 8_000
const LEADERS_LIMIT_MS = 30_000
const LEADERS_POLL_MS = 100

/** Makes the cluster's Kafka topics agree with the table, over one shared connection. */
export function createTopicAdmin(admin: SharedAdmin, names: TopicNames): TopicAdmin {
  return {
    check: (settings) => check(admin, wantedTopics(settings, names)),
    apply: (settings) => apply(admin, settings, wantedTopics(settings, names)),
  }
}

async function check(
  admin: SharedAdmin,
  wanted: readonly WantedTopic[],
): Promise<readonly string[]> {
  const denied: unknown[] = []
  const found = await describe(admin, wanted).catch((error) => {
    if (!isDenied(error)) throw error
    denied.push(error)
    return new Map<string, FoundTopic>()
  })
  const unseen = wanted.map(({ name }) => name).filter((name) => !found.has(name))
  if (unseen.length === 0) return faultsOf(wanted, found)
  const hidden = await admin.ask('hidden Kafka topics', (it) => hiddenTopics(it, unseen))
  // Where nothing was told, nothing is known of the others.
  if (denied.length > 0 && hidden.size === 0) throw denied[0]
  const told = denied.length > 0 ? [] : wanted.filter(({ name }) => !hidden.has(name))
  return [...hidden.values(), ...faultsOf(told, found)]
}

async function apply(
  admin: SharedAdmin,
  { alterSettings }: ApplyTopics & TopicSettings,
  wanted: readonly WantedTopic[],
): Promise<ApplyReport> {
  const before = await describe(admin, wanted)
  const missing = wanted.filter(({ name }) => !before.has(name))
  if (missing.length > 0) await admin.ask('create Kafka topics', (it) => create(it, missing))
  await waitForLeaders(admin, missing)
  const created = missing.map(({ name }) => name)
  const found = await describe(admin, wanted)
  const altered = alterSettings === true ? await alter(admin, wanted, found) : []
  const after = altered.length > 0 ? await describe(admin, wanted) : found
  return { created, altered, faults: faultsOf(wanted, after) }
}

function describe(admin: SharedAdmin, wanted: readonly WantedTopic[]) {
  const names = wanted.map(({ name }) => name)
  // It describes what is listed: a broker that denies it has not learned of it yet.
  return admin.askLeaders('describe Kafka topics', (it) => describeTopics(it, names), NOT_YET)
}

function faultsOf(
  wanted: readonly WantedTopic[],
  found: ReadonlyMap<string, FoundTopic>,
): readonly string[] {
  return wanted.flatMap((topic) => topicFaults(topic, found.get(topic.name)))
}

async function create(admin: Admin, missing: readonly WantedTopic[]): Promise<void> {
  try {
    await admin.createTopics({
      // kafkajs waits by an error that our repair of its metadata does away with.
      waitForLeaders: false,
      timeout: CREATE_TIMEOUT_MS,
      topics: missing.map(({ name, partitions, replicationFactor, settings }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: entriesOf(settings),
      })),
    })
  } catch (error) {
    throw appError('OTN_BUS_TOPICS_WRONG', { message: refusalOf(error), cause: error })
  }
}

/** The broker's own words where it gave some: they name the setting it refuses. */
function refusalOf(error: unknown): string {
  const errors: unknown[] =
    error instanceof Error && 'errors' in error && Array.isArray(error.errors)
      ? error.errors
      : [error]
  const sentences = errors.map((it) => {
    const topic = it instanceof Error && 'topic' in it ? `Kafka topic ${it.topic}: ` : ''
    return `${topic}${errorName(it)} (${it instanceof Error ? it.message : String(it)})`
  })
  return `Kafka refused to create Kafka topics: ${[...new Set(sentences)].join('; ')}`
}

async function waitForLeaders(admin: SharedAdmin, wanted: readonly WantedTopic[]): Promise<void> {
  const names = wanted.map(({ name }) => name)
  const untilMs = performance.now() + LEADERS_LIMIT_MS
  while (!(await admin.ask('leaders of Kafka topics', (it) => allHaveLeaders(it, names)))) {
    if (performance.now() > untilMs) {
      throw appError('OTN_BUS_TOPICS_WRONG', {
        message: `not every partition got a leader within ${LEADERS_LIMIT_MS} ms`,
      })
    }
    await sleep(LEADERS_POLL_MS)
  }
}

/** Sets what differs. AlterConfigs replaces all settings, so what else was set goes along. */
async function alter(
  admin: SharedAdmin,
  wanted: readonly WantedTopic[],
  found: ReadonlyMap<string, FoundTopic>,
): Promise<readonly string[]> {
  const resources = wanted.flatMap((topic) => {
    const now = found.get(topic.name)
    if (now === undefined || settingFaults(topic, now).length === 0) return []
    const own = Object.fromEntries(now.ownSettings.map((name) => [name, now.settings[name] ?? '']))
    const configEntries = entriesOf({ ...own, ...topic.settings })
    return [{ type: ConfigResourceTypes.TOPIC, name: topic.name, configEntries }]
  })
  if (resources.length === 0) return []
  await admin.ask('alter Kafka topics', (it) => it.alterConfigs({ validateOnly: false, resources }))
  return resources.map(({ name }) => name)
}

function entriesOf(settings: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(settings).map(([name, value]) => ({ name, value }))
}
