/** One run: a whole system of its own, tokens beforehand, then more commands than may go out. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openLog } from '@otn/bus'
import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
import { logSettings, readStackSettings, type StackFile, startStack } from '@otn/stack'
import { request } from 'undici'
import { fairness } from '../measure/fairness.ts'

export interface PaceRun {
  readonly pages: number
  /** Calls a second of each page: the setting of the dispatcher. */
  readonly pace: number
  /** Commands a second of each page that are asked for. */
  readonly asked: number
  readonly seconds: number
  /** Whether the platform counts as well, and refuses what is above. */
  readonly isLimited: boolean
}

export interface PaceFigures {
  readonly perSecond: readonly number[]
  /** Of `pace`, over all pages. */
  readonly slotsUsed: number
  readonly fairness: number
  /** Calls that the platform refused for coming too fast, of all that were made. */
  readonly rateErrors: number
  readonly calls: number
  /** The most messages of one page within one second. */
  readonly mostInASecond: number
}

const TOPIC = 'pace'
const WARM_UP_S = 8
const TAPS_AT_A_TIME = 32
const BATCH_MS = 100
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

export async function runPace(run: PaceRun, say: (line: string) => void): Promise<PaceFigures> {
  const home = mkdtempSync(join(tmpdir(), 'otn-pace-'))
  const stack = await startStack({
    settings: readStackSettings({ ...process.env, OTN_HOME: home }),
    keepData: false,
    say,
    onGiveUp: say,
    serviceEnvironment: { DISPATCHER_PACE_TEXT: String(run.pace) },
  })
  try {
    return await measure(stack.file, run, say)
  } finally {
    await stack.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

async function measure(
  stack: StackFile,
  run: PaceRun,
  say: (line: string) => void,
): Promise<PaceFigures> {
  const pages = stack.pages.slice(0, run.pages).map(({ pageId: id }) => id)
  const each = Math.ceil(run.asked * (run.seconds + WARM_UP_S))
  say(`  … ${each} tokens for each of ${pages.length} pages`)
  const people = new Map<string, readonly string[]>()
  for (const page of pages) people.set(page, await tapAll(stack, page, each))
  await caughtUp(stack)
  if (run.isLimited) {
    const limits = { textCallsPerSecond: run.pace, time: 'machine' }
    await ask(stack, '/_sim/limits', { method: 'PUT', body: limits })
  }
  const startedAt = Date.now()
  await publish(stack, people, run)
  const [from, to] = [startedAt + WARM_UP_S * 1_000, Date.now()]
  const before = { from, to }
  const instants = await Promise.all(pages.map((page) => deliveredAt(stack, page, before)))
  return figures(instants, { run, seconds: (to - from) / 1_000, calls: await callsOf(stack) })
}

interface Calls {
  readonly calls: number
  readonly rateErrors: number
}

function figures(
  instants: readonly (readonly number[])[],
  {
    run,
    seconds,
    calls,
  }: { readonly run: PaceRun; readonly seconds: number; readonly calls: Calls },
): PaceFigures {
  const perSecond = instants.map((of) => of.length / seconds)
  const sum = perSecond.reduce((all, rate) => all + rate, 0)
  return {
    perSecond,
    slotsUsed: sum / (run.pace * run.pages),
    fairness: fairness(perSecond),
    mostInASecond: Math.max(...instants.map(mostWithinASecond)),
    ...calls,
  }
}

/** Commands as they are asked for, in batches, as long as the run lasts. */
async function publish(
  stack: StackFile,
  people: ReadonlyMap<string, readonly string[]>,
  { asked, seconds }: PaceRun,
): Promise<void> {
  const { bus, codec } = await openLog(logSettings(stack, 1), { clientId: 'bench', log: quiet })
  const appender = bus.appender()
  const startedMs = performance.now()
  const total = asked * (seconds + WARM_UP_S)
  const appended: Promise<unknown>[] = []
  try {
    for (let done = 0; done < total; ) {
      const passedS = (performance.now() - startedMs) / 1_000
      const until = Math.min(total, Math.ceil(asked * (passedS + BATCH_MS / 1_000)))
      const batch = [...people].flatMap(([page, psids]) =>
        psids.slice(done, until).map((psid) => {
          const id = commandId(randomUUID())
          const to = { pageId: pageId(page), psid: pageScopedUserId(psid), topic: TOPIC }
          const value = codec.encode('Notify', { commandId: id, ...to, text: 'It is back.' })
          return { topic: 'notify', key: `${page}:${id}`, value, headers: {} } as const
        }),
      )
      done = until
      if (batch.length > 0) appended.push(appender.append(batch))
      await delay(BATCH_MS)
    }
    await Promise.all(appended)
    const leftMs = (seconds + WARM_UP_S) * 1_000 - (performance.now() - startedMs)
    await delay(Math.max(0, leftMs))
  } finally {
    await bus.close(2_000)
  }
}

/** People who agree, each once. @returns who they are */
async function tapAll(stack: StackFile, page: string, count: number): Promise<readonly string[]> {
  const psids: string[] = []
  const one = async () => {
    for (;;) {
      if (psids.length >= count) return
      const at = psids.push('') - 1
      const body = { pageId: page, payload: `otn1:${TOPIC}:`, waitMs: 60_000 }
      const tapped = await ask(stack, '/_sim/tap', { method: 'POST', body })
      psids[at] = String(tapped.psid)
    }
  }
  await Promise.all(Array.from({ length: TAPS_AT_A_TIME }, one))
  return psids
}

/** Until the ledger has read all there is. */
async function caughtUp(stack: StackFile): Promise<void> {
  const { bus } = await openLog(logSettings(stack, 1), { clientId: 'bench', log: quiet })
  const ends = (await bus.positions.endOffsets('optIn')).map(String)
  await bus.close(2_000)
  for (;;) {
    const headers = { authorization: `Bearer ${stack.apiKey}` }
    const answer = await request(`${stack.ledgerUrl}/v1/position`, { headers })
    const { topics } = (await answer.body.json()) as { topics: Record<string, string[]> }
    const [, read = []] = Object.entries(topics).find(([topic]) => topic.includes('optin.ev')) ?? []
    if (ends.every((end, partition) => BigInt(read[partition] ?? 0) >= BigInt(end))) return
    await delay(200)
  }
}

async function deliveredAt(
  stack: StackFile,
  page: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly number[]> {
  const truth = await ask(stack, `/_sim/truth?pageId=${page}&limit=100000`, { method: 'GET' })
  const all = truth.deliveries as readonly { readonly atMs: number }[]
  return all.map(({ atMs }) => atMs).filter((at) => from <= at && at < to)
}

/** As the dispatcher counted them; what was called or held back and not sent is an error here. */
async function callsOf(stack: StackFile): Promise<Calls> {
  const answer = await request(`${stack.dispatcherUrl}/metrics`)
  const text = await answer.body.text()
  const counts = [...text.matchAll(/^otn_dispatcher_attempts_total\{outcome="([^"]+)".*\} (\d+)/gm)]
  const of = (outcome: string) => Number(counts.find(([, name]) => name === outcome)?.[2] ?? 0)
  const calls = counts.reduce((sum, [, , count]) => sum + Number(count), 0)
  return { calls, rateErrors: of('not-sent') }
}

function mostWithinASecond(instants: readonly number[]): number {
  const ordered = instants.toSorted((a, b) => a - b)
  let [most, from] = [0, 0]
  for (const [index, at] of ordered.entries()) {
    while (at - (ordered[from] ?? 0) >= 1_000) from += 1
    most = Math.max(most, index - from + 1)
  }
  return most
}

async function ask(
  { simulatorUrl }: StackFile,
  path: string,
  { method, body }: { readonly method: 'GET' | 'POST' | 'PUT'; readonly body?: object },
): Promise<Readonly<Record<string, unknown>>> {
  const json = { 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { headers: json, body: JSON.stringify(body) }
  const answer = await request(`${simulatorUrl}${path}`, { method, ...sent })
  if (answer.statusCode >= 300) throw new Error(`${path}: ${await answer.body.text()}`)
  return (await answer.body.json()) as Readonly<Record<string, unknown>>
}
