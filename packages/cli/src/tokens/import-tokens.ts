/** An import: the file read twice, once to plan and once to publish, and the log in between. */
import { createHash } from 'node:crypto'
import type { OpenedLog, OutRecord } from '@otn/bus'
import { type Codec, cloudEventHeaders, type PageEvent } from '@otn/contracts'
import { type Identity, isAppError, type PageId } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import { CliError, exitCodes } from '../exit-code.ts'
import { readLog } from '../log/read-log.ts'
import { missingPin } from '../pages/deployment-pin.ts'
import { knownPages } from '../pages/known-pages.ts'
import { readPageEvents } from '../pages/page-log.ts'
import { type Around, type ImportFact, importFact } from './import-facts.ts'
import { createSurvey, type ImportPlan, importPlan, pagesOf, type Survey } from './import-plan.ts'
import { type Format, readLines } from './read-lines.ts'

const ACKNOWLEDGE_MS = 10_000
const AT_ONCE = 200
/** So many pages are no pages: another column stands in their place, perhaps of people. */
const PAGES_TOLD_MAX = 5
const SOURCE = '/otn/cli'

export interface TokenFile {
  readonly format: Format
  /** The bytes from the first on, each time anew. */
  open(): AsyncIterable<Uint8Array>
}

export interface Surroundings {
  readonly log: OpenedLog
  readonly identity: Identity
  readonly pepperCheck: string
  readonly nowMs: number
  readonly signal: AbortSignal
  readonly vault: Vault
}

/** A plan, and what is needed to carry it out. */
export interface Planned {
  readonly plan: ImportPlan
  readonly survey: Survey
  readonly onLog: ReadonlySet<string>
  readonly around: Around
}

/**
 * Reads file and log, and publishes nothing.
 * @throws CliError 2 or 78 where the file cannot be read as a whole, 3 where it names a page that
 *   is not connected; OTN_CONFIG_INVALID where another pepper is pinned; OTN_BUS_*
 */
export async function planImport(file: TokenFile, surroundings: Surroundings): Promise<Planned> {
  const { log, identity, nowMs, signal } = surroundings
  const events = await readPageEvents(log)
  missingPin({ known: events, ...surroundings })
  const standing = knownPages(events)
  const fileSha256 = await sha256Of(file, signal)
  const around = { identity, nameTopic: standing.nameTopic, nowMs, fileSha256 }
  const collected = createSurvey(nowMs)
  for await (const fact of factsOf(file, { around, signal })) collected.add(fact)
  const survey = collected.result()
  const strangers = pagesOf(survey).filter((page) => !standing.isConnected(page))
  if (strangers.length > 0) throw notConnected(strangers)
  requireSameKeys(events, pagesOf(survey), surroundings.vault)
  const onLog = await idsOnLog(survey, { log, signal })
  return { plan: importPlan(survey, onLog), survey, onLog, around }
}

/**
 * What is sealed under a key that the dispatcher lacks is lost consent, and cannot be put right:
 * its fact stands. So the keys have to open what these pages were connected with.
 */
function requireSameKeys(
  events: readonly PageEvent[],
  pages: readonly PageId[],
  vault: Vault,
): void {
  for (const event of events) {
    if (event.type !== 'PageConnected' || !pages.includes(event.pageId)) continue
    const { eventId, pageId: owner } = event
    try {
      vault.open(event, { record: 'PageEvent', eventId, owner })
    } catch (cause) {
      if (!isAppError(cause)) throw cause
      const message =
        'OTN_MASTER_KEY: got keys that do not open the access token of a page of the file, ' +
        'wanted those of this deployment; nothing was published'
      throw new CliError(exitCodes.configuration, message)
    }
  }
}

function notConnected(pages: readonly PageId[]): CliError {
  const isTold = pages.length <= PAGES_TOLD_MAX && pages.every((page) => /^\d+$/.test(page))
  const got = isTold ? `page ${pages.join(', ')}` : `${pages.length} pages`
  const wanted = 'pages that are connected here; nothing was published'
  const message = `<file>: got tokens of ${got}, wanted ${wanted}`
  return new CliError(exitCodes.notFound, message, 'pnpm otn pages import pages.json')
}

/** Which facts of the file stand on the log; kept for these alone, however long the log is. */
async function idsOnLog(
  { facts }: Survey,
  { log, signal }: Pick<Surroundings, 'log' | 'signal'>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  await readLog(log, {
    topics: ['optIn', 'quarantine'],
    until: 'end',
    signal,
    onRecord: ({ decoded }) => {
      if (decoded.kind !== 'known') return
      const { eventId } = decoded.value
      if (facts.has(eventId)) found.add(eventId)
    },
  })
  stopIfAsked(signal)
  return found
}

interface Reading {
  readonly around: Around
  readonly signal: AbortSignal
}

async function* factsOf(file: TokenFile, { around, signal }: Reading): AsyncGenerator<ImportFact> {
  for await (const line of readLines(file.open(), file.format)) {
    stopIfAsked(signal)
    yield importFact(line, around)
  }
}

async function sha256Of(file: TokenFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of file.open()) {
    stopIfAsked(signal)
    hash.update(chunk)
  }
  return hash.digest('hex')
}

function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted) throw new CliError(exitCodes.interrupted, 'interrupted: run it again')
}

export interface Publishing extends Surroundings {
  /** Called after each part that Kafka acknowledged. */
  readonly onProgress: (acknowledged: number, of: number) => void
}

/**
 * Publishes what the plan says is missing, part by part; resolves when all of it is acknowledged.
 * Cut off anywhere and planned anew it goes on with what is missing.
 * @throws CliError 1 where the file is no longer the one that was planned; OTN_BUS_*
 */
export async function publishImport(
  file: TokenFile,
  { survey, onLog, around }: Planned,
  { log, vault, signal, onProgress }: Publishing,
): Promise<void> {
  const appender = log.bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  const of = survey.facts.size - onLog.size
  const done = new Set<string>(onLog)
  let part: OutRecord[] = []
  const append = async () => {
    if (part.length === 0) return
    await appender.append(part)
    part = []
    onProgress(done.size - onLog.size, of)
  }
  for await (const fact of factsOf(file, { around, signal })) {
    const id = fact.value.eventId
    if (!survey.facts.has(id)) throw changed()
    if (done.has(id)) continue
    done.add(id)
    part.push(recordOf(fact, { codec: log.codec, vault }))
    if (part.length === AT_ONCE) await append()
  }
  await append()
  if (done.size !== survey.facts.size) throw changed()
}

function changed(): CliError {
  const message = '<file>: it changed since the plan was made; what was acknowledged stays'
  return new CliError(exitCodes.failed, message)
}

interface Sealing {
  readonly codec: Codec
  readonly vault: Vault
}

/** Sealed and encoded as by the ingress. */
function recordOf(fact: ImportFact, { codec, vault }: Sealing): OutRecord {
  const { topic, key, content } = fact
  const { eventId, type } = fact.value
  const headers = cloudEventHeaders({ id: eventId, source: SOURCE, type })
  const sealFor = (record: 'OptInReceived' | 'QuarantinedItem') =>
    vault.seal(content, { record, eventId, owner: key })
  if (fact.topic === 'optIn') {
    const value = codec.encode('OptInReceived', { ...fact.value, ...sealFor('OptInReceived') })
    return { topic, key, value, headers: { ...headers } }
  }
  const { reason, bodySha256 } = fact.value
  const sorted = { 'x-quarantine-reason': reason, 'x-quarantine-body-sha256': bodySha256 }
  const value = codec.encode('QuarantinedItem', { ...fact.value, ...sealFor('QuarantinedItem') })
  return { topic, key, value, headers: { ...headers, ...sorted } }
}
