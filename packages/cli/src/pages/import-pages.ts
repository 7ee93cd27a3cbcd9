import type { Appender, LogSettings, OpenedLog } from '@otn/bus'
import { type Codec, cloudEventHeaders, type PageEvent } from '@otn/contracts'
import { appError, type Secret } from '@otn/kernel'
import { pepperKey } from '@otn/runtime/settings'
import { createIdentity, createVault, parseMasterKeys, pepperCheck, type Vault } from '@otn/vault'
import { openLog } from '../log/open-log.ts'
import { readLog } from '../log/read-log.ts'
import { missingPin } from './deployment-pin.ts'
import { type Page, type PageEntry, readPages } from './page-entry.ts'
import { missingFacts, type PageFact } from './page-facts.ts'

const CLOSE_MS = 5_000
const ACKNOWLEDGE_MS = 10_000
const SOURCE = '/otn/cli'

export interface ImportInput {
  /** How the log is reached. */
  readonly log: LogSettings
  readonly personPepper: Secret
  readonly masterKey: Secret
  /** Milliseconds since the epoch; the machine's clock where it is left out. */
  readonly nowMs?: number
  /** Stands in every fact; `otn-cli` where it is left out. */
  readonly requestedBy?: string
}

/** What an import did. */
export interface ImportReport {
  /** True where this import bound the deployment to its pepper. */
  readonly pinned: boolean
  readonly published: readonly {
    readonly type: string
    readonly pageId: string
    readonly eventId: string
    readonly subject: string
  }[]
  /** Facts of the file that stood on the log already. */
  readonly unchanged: number
}

/**
 * Publishes pages with their topics and rules. The log is brought to say what the entries say:
 * importing the same entries again adds nothing, and nothing is ever taken away.
 * @throws OTN_CONFIG_INVALID (every fault of the entries at once, or another pepper is pinned),
 *   OTN_BUS_*, OTN_REGISTRY_UNREACHABLE
 */
export async function importPages(
  entries: readonly PageEntry[],
  input: ImportInput,
): Promise<ImportReport> {
  const pages = readPages(entries)
  const parsed = parseMasterKeys(input.masterKey.reveal())
  if ('fault' in parsed) throw invalidKey(parsed.fault)
  const opened = await openLog(input.log)
  try {
    return await publish(pages, { ...opened, input, vault: createVault(parsed.keys) })
  } finally {
    await opened.bus.close(CLOSE_MS)
  }
}

interface Parts extends OpenedLog {
  readonly input: ImportInput
  readonly vault: Vault
}

async function publish(
  pages: readonly Page[],
  { bus, codec, input, vault }: Parts,
): Promise<ImportReport> {
  const known = await readPageEvents({ bus, codec })
  const pepper = pepperKey(input.personPepper)
  const identity = createIdentity(pepper)
  const { nowMs = Date.now(), requestedBy = 'otn-cli' } = input
  const appender = bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  const append = (events: readonly PageEvent[]) => appendEvents(events, { appender, codec })

  const pin = missingPin({ known, pepperCheck: pepperCheck(pepper), identity, nowMs })
  // Awaited by itself: it must be the first record that any reader finds.
  if (pin) await append([{ ...pin, requestedBy }])
  const facts = pages.flatMap((page) => {
    const ofPage = known.filter((event) => event.pageId === page.pageId)
    const missing = missingFacts({ page, known: ofPage, identity, nowMs })
    return missing.map((fact) => ({ ...eventOf(fact, { page, vault }), requestedBy }))
  })
  await append(facts)
  const total = pages.reduce((sum, one) => sum + 1 + one.topics.length + one.topicRules.length, 0)
  return {
    pinned: pin !== null,
    published: facts.map(summary),
    unchanged: total - facts.length,
  }
}

/** Every page event that stands on the log now, in log order within each page. */
async function readPageEvents({ bus, codec }: OpenedLog): Promise<readonly PageEvent[]> {
  const events: PageEvent[] = []
  await readLog(
    { bus, codec },
    {
      topics: ['page'],
      until: 'end',
      onRecord: ({ decoded }) => {
        if (decoded.kind === 'known') events.push(decoded.value)
      },
    },
  )
  return events
}

interface EventParts {
  readonly page: Page
  readonly vault: Vault
}

function eventOf(fact: PageFact, { page, vault }: EventParts): PageEvent {
  if (fact.type !== 'PageConnected') return fact
  const { eventId, pageId: owner } = fact
  const { accessToken } = page
  return { ...fact, ...vault.seal({ accessToken }, { record: 'PageEvent', eventId, owner }) }
}

function summary(event: PageEvent): ImportReport['published'][number] {
  const { type, pageId, eventId } = event
  const subject = event.ruleId ?? event.topic ?? event.name ?? ''
  return { type, pageId, eventId, subject }
}

interface AppendParts {
  readonly appender: Appender
  readonly codec: Codec
}

async function appendEvents(
  events: readonly PageEvent[],
  { appender, codec }: AppendParts,
): Promise<void> {
  if (events.length === 0) return
  const records = events.map((event) => ({
    topic: 'page' as const,
    key: event.pageId,
    value: codec.encode('PageEvent', event),
    headers: { ...cloudEventHeaders({ id: event.eventId, source: SOURCE, type: event.type }) },
  }))
  await appender.append(records)
}

function invalidKey(fault: string): Error {
  return appError('OTN_CONFIG_INVALID', { message: `OTN_MASTER_KEY: ${fault}` })
}
