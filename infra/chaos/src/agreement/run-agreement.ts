/**
 * Lets people live, and commands about them be decided twice: by the services' own decisions, whose
 * calls go to the simulator over HTTP, and by the simulator, which shares no code with them. What
 * is held back is tried all the same, by somebody who knows no rule.
 */
import type { NotificationEvent } from '@otn/contracts'
import type { Preview } from '@otn/dispatcher/decisions'
import { createGraphClient } from '@otn/graph-api'
import { DAY_MS, eventId, pageId } from '@otn/kernel'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import type { ShadowRecord } from '@otn/shadow'
import { type Bytes, createBytes } from '../simulation/bytes.ts'
import { Random } from '../simulation/random.ts'
import { collect } from './collected.ts'
import { type DispatcherInside, startDispatcherInside } from './dispatcher-inside.ts'
import { foresightFault } from './foresight.ts'
import { startIngressInside } from './ingress-inside.ts'
import { InnerLog } from './inner-log.ts'
import { startLedgerInside } from './ledger-inside.ts'
import { Life } from './life.ts'
import { callNaively } from './naive-caller.ts'
import { type Report, type Row, Tally } from './report.ts'
import { PAST_MS, type Situation, situationOf } from './situation.ts'
import { type SeenCall, startWireTap, type WireTap } from './wire-tap.ts'

/** Commands fall around the day on which the platform retired three tags. */
const BEGIN_MS = Date.UTC(2026, 3, 1) - PAST_MS

export interface AgreementOptions {
  readonly seed: number
  readonly situations: number
}

export async function runAgreement({ seed, situations }: AgreementOptions): Promise<Report> {
  const startedMs = performance.now()
  const random = new Random(seed)
  const world = await openWorld(seed)
  try {
    const tally = new Tally()
    const mismatches: string[] = []
    let foreseen = 0
    const judge = async (life: Life, situation: Situation) => {
      const judged = await judgeOne(world, life, situation)
      tally.add(judged.row)
      if (judged.fault !== null) mismatches.push(judged.fault)
      if (judged.preview.call !== null) foreseen += 1
    }
    const moments = momentsOf(world, random, { situations, judge })
    for (const { atMs, happens } of moments) {
      const byMs = BEGIN_MS + atMs - world.simulator.nowMs()
      if (byMs > 0) await world.simulator.advance(byMs)
      await happens()
    }
    const seconds = (performance.now() - startedMs) / 1_000
    const { records } = world
    return { situations, rows: tally.rows(), mismatches, foreseen, seconds, records }
  } finally {
    await world.close()
  }
}

interface World {
  readonly simulator: Simulator
  readonly log: InnerLog
  readonly dispatcher: DispatcherInside
  readonly tap: WireTap
  /** What is on the log. */
  readonly records: readonly ShadowRecord[]
  close(): Promise<void>
}

async function openWorld(seed: number): Promise<World> {
  const clock = { startAtMs: BEGIN_MS, running: false }
  const simulator = await startSimulator({ seed: `agreement-${seed}`, clock, people: [] })
  const bytes = createBytes()
  const log = new InnerLog(bytes)
  const records = collect(log, simulator.nowMs)
  const ingress = await startIngressInside(log, bytes, simulator)
  const tap = await startWireTap(simulator.graphUrl)
  const client = createGraphClient({ baseUrl: tap.url, connections: 1 })
  const ledger = startLedgerInside(log, simulator)
  const { appSecret } = simulator
  const parts = { log, bytes, clock: simulator, ledger, client, appSecret }
  const dispatcher = startDispatcherInside(parts)
  for (const page of simulator.pages) await connect(log, bytes, page)
  await simulator.registerWebhook({ callbackUrl: `${ingress.url}/webhook` })
  const close = async () => {
    await simulator.close()
    await client.destroy()
    await Promise.all([ingress.close(), tap.close()])
  }
  return { simulator, log, dispatcher, tap, records, close }
}

async function connect(
  log: InnerLog,
  { vault }: Bytes,
  { pageId: id, accessToken, name }: Simulator['pages'][number],
): Promise<void> {
  const named = { eventId: eventId(`connected-${id}`), pageId: pageId(id) }
  const sealed = vault.seal(
    { accessToken },
    { record: 'PageEvent', eventId: named.eventId, owner: id },
  )
  const about = { type: 'PageConnected', at: BEGIN_MS, name, appId: '1' } as const
  await log.write('page', { ...named, ...about, ...sealed })
}

interface Moment {
  /** Since the beginning. */
  readonly atMs: number
  readonly happens: () => Promise<unknown>
}

interface Plan {
  readonly situations: number
  readonly judge: (life: Life, situation: Situation) => Promise<void>
}

/** Everything that happens, in its order. */
function momentsOf(world: World, random: Random, { situations, judge }: Plan): readonly Moment[] {
  const { simulator } = world
  const moments: Moment[] = []
  for (let number = 0; number < situations; number += 1) {
    const situation = situationOf(random)
    const life = new Life(world, situation, number)
    for (const step of situation.steps) {
      moments.push({ atMs: situation.atMs - step.agoMs, happens: () => life.live(step) })
    }
    moments.push({ atMs: situation.atMs, happens: () => judge(life, situation) })
  }
  const enforce = (page: number, action: 'warning' | 'block' | 'unblock') => async () =>
    simulator.happen({
      ...{ pageId: simulator.pages[page]?.pageId ?? '', waitMs: 10_000 },
      event: { kind: 'policy-enforcement', action },
    })
  const days = (count: number) => PAST_MS + count * DAY_MS
  moments.push({ atMs: days(20), happens: enforce(1, 'warning') })
  moments.push({ atMs: days(40), happens: enforce(1, 'unblock') })
  moments.push({ atMs: days(60), happens: enforce(2, 'block') })
  moments.push({ atMs: days(72), happens: enforce(2, 'unblock') })
  // What is told of a moment comes in the order in which it was planned.
  return moments.toSorted((a, b) => a.atMs - b.atMs)
}

interface Judged {
  readonly row: Omit<Row, 'count'>
  readonly fault: string | null
  readonly preview: Preview
}

async function judgeOne(world: World, life: Life, { wish }: Situation): Promise<Judged> {
  const { simulator, dispatcher, tap } = world
  const command = life.command(wish, simulator.nowMs())
  tap.take()
  const preview = await dispatcher.preview(command)
  const previewed = tap.take()
  const told = await dispatcher.handle(command)
  const calls = tap.take()
  const fault = foresightFault({ command, preview, previewed, told, calls })
  const [call] = calls
  if (call !== undefined) return { row: calledRow(call, told), fault, preview }
  const { psid, tokens, pageOfCommand } = life
  const refusal = await callNaively(simulator, { pageId: pageOfCommand, psid, tokens, wish })
  const simulated = refusal === null ? ('takes' as const) : ('refuses' as const)
  const row = { what: 'held', by: heldBy(told), simulator: simulated } as const
  return { row, fault, preview }
}

function calledRow({ refusal }: SeenCall, told: readonly NotificationEvent[]): Omit<Row, 'count'> {
  const last = told.at(-1)
  if (refusal === null) return { what: 'sent', by: wayOf(told), simulator: 'takes' }
  // The row of the answer table, which names the situation.
  return { what: 'called', by: last?.rule ?? refusal, simulator: 'refuses' }
}

function wayOf(told: readonly NotificationEvent[]): string {
  const last = told.at(-1)
  const what = last?.type.startsWith('OptIn') ? 'question' : 'message'
  return last?.tokenId ? `${what} by token` : `${what} by psid`
}

function heldBy(told: readonly NotificationEvent[]): string {
  const last = told.at(-1)
  if (last === undefined) return 'parked, or waits untold'
  const { rule, reason } = last
  return rule ? `${rule} (${reason})` : `${reason}`
}
