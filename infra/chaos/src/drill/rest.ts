/** Waits until a cell has come to rest: every webhook received, all read, every command ended. */
import { setTimeout as delay } from 'node:timers/promises'
import { countOf, defaultLimits, type Finding, findings } from '@otn/auditor'
import { waitFor } from '@otn/engines'
import { callApi } from './call-api.ts'
import type { Cell } from './cell.ts'
import { hasReached } from './has-reached.ts'
import { behindOf, endsOf } from './readers.ts'

/** Judged as it will stand in a day: whatever is still to end by then has not ended. */
export const LATER_MS = 24 * 60 * 60_000
const LOOK_MS = 250

export interface Rest {
  readonly isReached: boolean
  readonly tookMs: number
  /** What had not ended when patience did, for people. */
  readonly missing: readonly string[]
}

/** Heals nothing itself: the faults must be over. */
export async function untilAtRest(cell: Cell, patienceMs: number): Promise<Rest> {
  const startedMs = performance.now()
  const tookMs = () => performance.now() - startedMs
  let missing: readonly string[] = ['nothing was looked at']
  while (tookMs() < patienceMs) {
    missing = await missingIn(cell)
    if (missing.length === 0) return { isReached: true, tookMs: tookMs(), missing }
    await delay(LOOK_MS)
  }
  return { isReached: false, tookMs: tookMs(), missing }
}

async function missingIn(cell: Cell): Promise<readonly string[]> {
  const waiting = cell.meta.webhook().waiting
  if (waiting > 0) return [`${waiting} webhooks wait for their 200`]
  const open = cell.traffic.open()
  if (open.length > 0)
    return [`${open.length} commands have no end: ${open.slice(0, 5).join(', ')}`]
  const unfinished = unfinishedIn(cell)
  if (unfinished.length > 0) return unfinished.map(({ code, subject }) => `${code} ${subject}`)
  return restless(cell)
}

/**
 * What the services have still to do of themselves: to read, then to tell what came of that.
 * Whoever compares what they keep with anything must not meet them on the way.
 */
async function restless(cell: Cell): Promise<readonly string[]> {
  try {
    const ends = await endsOf(cell)
    const behind = await behindOf(cell, ends)
    if (behind.length > 0) return behind
    if ((await owedBy(cell)) !== 0) return ['the dispatcher owes something']
    return hasReached(ends, await endsOf(cell)) ? [] : ['something was told meanwhile']
  } catch (error) {
    return [`an engine does not answer: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function unfinishedIn({ log }: Cell): readonly Finding[] {
  const found = findings(log.state, Date.now() + LATER_MS, defaultLimits)
  return found.filter((one) => countOf(one) === 'unfinished')
}

async function owedBy({ services, deployment }: Cell): Promise<number> {
  const { url } = services.dispatcher
  const { status, body } = await callApi(`${url}/v1/operations/digest`, deployment.apiKey)
  return status === 200 ? Number(body.owed) : -1
}

/** Waits until every service of the cell says that it is ready. */
export async function untilAllReady({ services, secondDispatcher }: Cell): Promise<void> {
  const all = [...Object.values(services), ...(secondDispatcher ? [secondDispatcher] : [])]
  const areReady = async () => (await Promise.all(all.map((one) => one.isReady()))).every(Boolean)
  await waitFor(areReady, { timeoutMs: 120_000, describe: 'all services to be ready' })
}
