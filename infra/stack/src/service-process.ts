import { setTimeout as delay } from 'node:timers/promises'
import type { Keeper } from '@otn/engines'
import { appError } from '@otn/kernel'
import { request } from 'undici'

export interface ServicePlan {
  readonly name: string
  /** Its `main.ts`. */
  readonly entry: string
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  readonly logFile: string
  /** Path that answers 200 once the service may be used. */
  readonly readyPath: string
}

export interface ServiceProcess {
  readonly name: string
  pid(): number | null
  /** Ends it with a signal and does not start it again. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface Watch {
  /** True from the moment the whole stack ends: then nothing is started again. */
  readonly isStopping: () => boolean
  /** Told the process id after every launch. */
  readonly onLaunch: (name: string, pid: number) => void
  /** Told each time a service died and is started again. */
  readonly onRestart: (name: string, how: string) => void
  /** Told when a service keeps dying and is given up. */
  readonly onGiveUp: (name: string, how: string) => void
}

const READY_MS = 60_000
const RESTART_DELAY_MS = 500
/** A service that dies this often in a row within its first seconds will not come up. */
const EARLY_DEATHS_MAX = 8
const EARLY_MS = 5_000
/** Exit codes of runtime's `runService`. */
const WRONG_SETTING = 'code 78'
const WAITS_FOR_ENGINES = 'code 69'

/**
 * Starts a service and keeps it running: one that dies is started again, on the same port.
 * @throws OTN_ENGINE_FAILED where it is not ready in time or ends before
 */
export async function startService({
  keeper,
  plan,
  watch,
}: {
  readonly keeper: Keeper
  readonly plan: ServicePlan
  readonly watch: Watch
}): Promise<ServiceProcess> {
  const state = { pid: null as number | null, stopping: false, earlyDeaths: 0, end: '' }
  let gone: Promise<string> = Promise.resolve('')
  const launch = async (): Promise<void> => {
    const launched = await keeper.launch({
      name: plan.name,
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', plan.entry],
      env: plan.env,
      logFile: plan.logFile,
    })
    const since = performance.now()
    state.pid = launched.pid
    watch.onLaunch(plan.name, launched.pid)
    gone = launched.gone
    void launched.gone.then((how) => died(how, performance.now() - since))
  }
  const died = async (how: string, aliveMs: number): Promise<void> => {
    state.pid = null
    if (state.stopping || watch.isStopping()) return
    const isEarly = aliveMs < EARLY_MS && how !== WAITS_FOR_ENGINES
    state.earlyDeaths = isEarly ? state.earlyDeaths + 1 : 0
    if (how === WRONG_SETTING || state.earlyDeaths > EARLY_DEATHS_MAX) {
      state.end = how
      return watch.onGiveUp(plan.name, how)
    }
    watch.onRestart(plan.name, how)
    await delay(RESTART_DELAY_MS)
    if (!state.stopping && !watch.isStopping()) await launch()
  }
  await launch()
  await untilReady(plan, () => state.end)
  return {
    name: plan.name,
    pid: () => state.pid,
    stop: async (signal = 'SIGTERM') => {
      state.stopping = true
      if (state.pid !== null) process.kill(state.pid, signal)
      await gone
    },
  }
}

/** Waits until a service says that it is ready, or says why it does not come up. */
async function untilReady(plan: ServicePlan, end: () => string): Promise<void> {
  const deadline = performance.now() + READY_MS
  let last = 'no answer'
  while (performance.now() < deadline) {
    if (end() !== '') break
    try {
      const { statusCode, body } = await request(`${plan.url}${plan.readyPath}`)
      const text = await body.text()
      if (statusCode === 200) return
      last = text
    } catch {
      last = 'no answer'
    }
    await delay(100)
  }
  const ended = end() === '' ? last : `it ended with ${end()}`
  const message = `${plan.name} did not get ready: ${ended}. Its log: ${plan.logFile}`
  throw appError('OTN_ENGINE_FAILED', { message })
}
