/** The drill of a campaign: real engines, real processes, people with tokens, kills and pauses. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Truth } from '@otn/meta-simulator'
import { type Cell, openCell } from '../drill/cell.ts'
import { ROOT_FOLDER } from '../drill/folders.ts'
import { openGround } from '../drill/ground.ts'
import { untilAllReady } from '../drill/rest.ts'
import { auditOf, doubtsOf } from '../drill/verdict.ts'
import type { CampaignOptions } from './arguments.ts'
import { grantAll } from './grant-all.ts'
import { type CampaignReport, isKept, judge, tableOf } from './judge.ts'
import { countsOf, plan, start, steer, untilState } from './steer.ts'

/** Shares of the messages after which everything is paused, and for how long. */
const PAUSES = [1 / 3, 2 / 3]
const PAUSE_MS = 8_000
/** Calls that were under way when a pause was told end within this time. */
const UNDER_WAY_MS = 25_000
const LOOK_MS = 500
const PATIENCE_MS = 3 * 3_600_000

/** @returns the exit code */
export async function runCampaignDrill(options: CampaignOptions): Promise<number> {
  const say = (line: string) => console.log(line)
  await using ground = await openGround('single', say)
  await using cell = await openCell(ground, {
    ...{ name: 'campaign', seed: options.seed, profile: 'production' },
    ...{ dispatchers: 2, isProxied: false, hasOwnClocks: false, rate: 1 },
  })
  const pages = cell.meta.pages.map(({ pageId }) => pageId).slice(0, 3)
  say(`▶ ${options.tokens} people on ${pages.length} pages tap Notify Me`)
  const granted = await grantAll(cell, { pages, tokens: options.tokens, say })
  const startedMs = performance.now()
  const planned = await Promise.all(pages.map((page) => plan(cell, page)))
  await Promise.all(pages.map((page) => start(cell, page)))
  const killing = killAgainAndAgain(cell, options.killEveryS)
  const pauses = await pauseNowAndThen(cell, { pages, tokens: options.tokens, say })
  await untilState(cell, { pages, state: 'completed', timeoutMs: PATIENCE_MS })
  const seconds = (performance.now() - startedMs) / 1_000
  const kills = await killing.stop()
  await untilAllReady(cell)
  await cell.log.untilRead()
  const counts = await Promise.all(pages.map((page) => countsOf(cell, page)))
  const findings = auditOf(cell).map(({ code, subject }) => `${code} ${subject}`)
  const parts = { options, granted, planned, counts, pauses, seconds, kills, findings }
  const report: CampaignReport = judge({ deliveries: allDeliveries(cell) }, parts)
  mkdirSync(join(ROOT_FOLDER, '.otn'), { recursive: true })
  writeFileSync(join(ROOT_FOLDER, '.otn/campaign-drill.json'), JSON.stringify(report, null, 2))
  for (const line of [...tableOf(report), ...doubtsOf(cell)]) say(line)
  return isKept(report) ? 0 : 1
}

/** The truth is told in parts. */
function allDeliveries({ meta }: Cell): Truth['deliveries'] {
  const all: Truth['deliveries'][number][] = []
  for (let after: number | null = 0; after !== null; ) {
    const part = meta.truth({ after })
    all.push(...part.deliveries)
    after = part.next
  }
  return all
}

interface Pausing {
  readonly pages: readonly string[]
  readonly tokens: number
  readonly say: (line: string) => void
}

/** @returns calls that began while everything was paused, of each pause */
async function pauseNowAndThen(
  cell: Cell,
  { pages, tokens, say }: Pausing,
): Promise<readonly number[]> {
  const begun: number[] = []
  for (const [index, share] of PAUSES.entries()) {
    await untilCalls(cell, share * tokens)
    await Promise.all(pages.map((page) => steer(cell, { page, act: 'PauseCampaign', index })))
    await untilState(cell, { pages, state: 'paused', timeoutMs: 120_000 })
    const before = await callsAtRest(cell)
    await delay(PAUSE_MS)
    begun.push(cell.meta.truth({ limit: 1 }).callCount - before)
    say(`  paused at ${before} calls: ${begun.at(-1)} began in ${PAUSE_MS / 1_000} s`)
    await Promise.all(pages.map((page) => steer(cell, { page, act: 'ResumeCampaign', index })))
  }
  return begun
}

async function untilCalls(cell: Cell, wanted: number): Promise<void> {
  while (cell.meta.truth({ limit: 1 }).callCount < wanted) await delay(LOOK_MS)
}

/** Calls whose last look was before the pause are on their way still, as long as a call takes. */
async function callsAtRest(cell: Cell): Promise<number> {
  const untilMs = performance.now() + UNDER_WAY_MS
  let calls = cell.meta.truth({ limit: 1 }).callCount
  for (;;) {
    await delay(2 * LOOK_MS)
    const now = cell.meta.truth({ limit: 1 }).callCount
    if (now === calls || performance.now() > untilMs) return now
    calls = now
  }
}

/** One of the two at a time; whoever died comes back at once, as under any supervisor. */
function killAgainAndAgain({ services, secondDispatcher }: Cell, everyS: number) {
  const victims = [services.dispatcher, secondDispatcher].flatMap((service) => service ?? [])
  const state = { isOver: everyS === 0, kills: 0 }
  const loop = async () => {
    while (!state.isOver) {
      await delay(everyS * 1_000)
      const victim = victims[state.kills % victims.length]
      if (state.isOver || !victim || victim.pid === null) continue
      victim.signal('SIGKILL')
      state.kills += 1
    }
  }
  const running = loop()
  return {
    stop: async (): Promise<number> => {
      state.isOver = true
      await running
      return state.kills
    },
  }
}
