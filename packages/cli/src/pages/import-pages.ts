import type { LogSettings, OpenedLog } from '@otn/bus'
import type { PageEvent } from '@otn/contracts'
import { appError, pageId, type Secret } from '@otn/kernel'
import { pepperKey } from '@otn/runtime/settings'
import { createIdentity, createVault, parseMasterKeys, pepperCheck, type Vault } from '@otn/vault'
import { openLog } from '../log/open-log.ts'
import { missingPin } from './deployment-pin.ts'
import { type Page, type PageEntry, readPages } from './page-entry.ts'
import { missingFacts, type PageFact, wantedOf } from './page-facts.ts'
import { appendPageEvents, readPageEvents } from './page-log.ts'

const CLOSE_MS = 5_000
const ACKNOWLEDGE_MS = 10_000

export interface ImportInput {
  /** How the log is reached. */
  readonly log: LogSettings
  readonly personPepper: Secret
  readonly masterKey: Secret
  /** Milliseconds since the epoch; the machine's clock where it is left out. */
  readonly nowMs?: number
  /** Stands in every fact; `otn-cli` where it is left out. */
  readonly requestedBy?: string
  /** Topics and rules that stand on the log in any wording stay as they are. */
  readonly keepsCatalogue?: boolean
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
 * importing the same entries again adds nothing. No page or topic is ever taken away; the rules of
 * an entry take the place of the page's rules, all of them.
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
  const { nowMs = Date.now(), requestedBy = 'otn-cli', keepsCatalogue = false } = input
  const appender = bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  const append = (events: readonly PageEvent[]) => appendPageEvents(events, { appender, codec })

  const pin = missingPin({ known, pepperCheck: pepperCheck(pepper), identity, nowMs })
  // Awaited by itself: it must be the first record that any reader finds.
  if (pin) await append([{ ...pin, requestedBy }])
  const looked = pages.map((page) => {
    const id = pageId(page.pageId)
    const onLog = known.filter((event) => event.pageId === id)
    const wanted = wantedOf(page, { identity, onLog, keepsCatalogue })
    const missing = missingFacts({ pageId: id, wanted, known: onLog, identity, nowMs })
    const facts = missing.map((fact) => ({ ...eventOf(fact, { page, vault }), requestedBy }))
    return { facts, unchanged: wanted.length - facts.length }
  })
  const facts = looked.flatMap((page) => page.facts)
  await append(facts)
  const unchanged = looked.reduce((sum, page) => sum + page.unchanged, 0)
  return { pinned: pin !== null, published: facts.map(summary), unchanged }
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
  const { type, pageId: id, eventId, rulesVersion } = event
  const rules = typeof rulesVersion === 'number' ? `version ${rulesVersion}` : null
  return { type, pageId: id, eventId, subject: rules ?? event.topic ?? event.name ?? '' }
}

function invalidKey(fault: string): Error {
  return appError('OTN_CONFIG_INVALID', { message: `OTN_MASTER_KEY: ${fault}` })
}
