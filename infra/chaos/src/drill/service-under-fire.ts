/**
 * A service's process that is meant to be hurt: killed, frozen, thawed, started again. Whoever dies
 * unbidden comes back at once, without fault points, as under any supervisor.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isFrozen, type Keeper, type Launched, waitFor } from '@otn/engines'
import type { ServicePlan } from '@otn/stack'
import { request } from 'undici'

const READY_MS = 60_000
const REST_MS = 200
const CLEAN_MS = 15_000
/** Deaths in a row without having been ready: then something else is wrong. */
const DEATHS_MAX = 40

export interface Struck {
  readonly point: string
  readonly side: string
  readonly action: string
  readonly pass: number
}

/** Where a process differs from its plan. */
export interface Life {
  /** Wins over the plan's. */
  readonly env?: Readonly<Record<string, string>>
  /** Another `main.ts`: that of another version. */
  readonly entry?: string
}

export class ServiceUnderFire {
  readonly name: string
  readonly #keeper: Keeper
  readonly #plan: ServicePlan
  #launched: Launched | null = null
  #points: string | null = null
  #life: Life = {}
  #isWanted = false
  #deaths = 0
  /** Counts starts and stops: a return that was due before one of them is off. */
  #turn = 0
  /** Bytes of the log that were looked at for struck points. */
  #seen = 0
  #end = ''

  constructor(keeper: Keeper, plan: ServicePlan) {
    this.name = plan.name
    this.#keeper = keeper
    this.#plan = plan
  }

  get entry(): string {
    return this.#plan.entry
  }

  get url(): string {
    return this.#plan.url
  }

  get pid(): number | null {
    return this.#launched?.pid ?? null
  }

  /** @param life of this process and of those that follow it, until the next start */
  async start(life: Life = {}): Promise<void> {
    this.#life = life
    this.#turn += 1
    this.#isWanted = true
    await this.#launch()
  }

  /**
   * A process with these fault points takes the place of the present one.
   * @param between done while none runs
   */
  async arm(points: string, between: () => Promise<void> = async () => {}): Promise<void> {
    await this.stop()
    await between()
    this.listen()
    this.#points = points
    await this.start()
  }

  /** Whether its processes wrote this since `arm` or `listen`. */
  hasSaid(text: string): boolean {
    return textFrom(this.#plan.logFile, this.#seen).includes(text)
  }

  /** What was written so far is not looked at again. */
  listen(): void {
    this.#seen = sizeOf(this.#plan.logFile)
  }

  async #launch(): Promise<void> {
    const points = this.#points
    this.#points = null
    const launched = await this.#keeper.launch({
      name: this.name,
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', this.#life.entry ?? this.#plan.entry],
      env: {
        ...this.#plan.env,
        ...this.#life.env,
        ...(points === null ? {} : { OTN_FAULT_POINTS: points }),
      },
      logFile: this.#plan.logFile,
    })
    this.#launched = launched
    void launched.gone.then((how) => this.#gone(launched, how))
  }

  async #gone(launched: Launched, how: string): Promise<void> {
    this.#end = how
    if (this.#launched === launched) this.#launched = null
    if (!this.#isWanted) return
    this.#deaths += 1
    // Whoever waits for it to be ready learns that it is not coming.
    if (this.#deaths > DEATHS_MAX) return
    const turn = this.#turn
    await delay(REST_MS)
    if (this.#turn === turn && this.#launched === null) await this.#launch()
  }

  async untilReady(): Promise<void> {
    await waitFor(() => this.isReady(), {
      timeoutMs: READY_MS,
      describe: `${this.name} to be ready (its last end: ${this.#end || 'none'})`,
    })
    this.#deaths = 0
  }

  async isReady(): Promise<boolean> {
    try {
      const { statusCode, body } = await request(`${this.#plan.url}${this.#plan.readyPath}`, {
        headersTimeout: 2_000,
      })
      await body.dump()
      return statusCode === 200
    } catch {
      return false
    }
  }

  signal(name: NodeJS.Signals): void {
    const { pid } = this
    if (pid === null) throw new Error(`${this.name} does not run, so it takes no ${name}`)
    process.kill(pid, name)
  }

  /** Frozen by a signal or by its own fault point. */
  async untilFrozen(timeoutMs: number): Promise<void> {
    await waitFor(() => this.isFrozen(), { timeoutMs, describe: `${this.name} to freeze` })
  }

  isFrozen(): boolean {
    return this.pid !== null && isFrozen(this.pid) === true
  }

  /** Ends it for good: SIGTERM, and SIGKILL where that takes too long. */
  async stop(): Promise<void> {
    this.#isWanted = false
    this.#turn += 1
    const launched = this.#launched
    if (launched === null) return
    send(launched.pid, 'SIGCONT')
    send(launched.pid, 'SIGTERM')
    const late = setTimeout(() => send(launched.pid, 'SIGKILL'), CLEAN_MS)
    await launched.gone
    clearTimeout(late)
  }

  /** Fault points that struck since it was armed. */
  struck(): readonly Struck[] {
    const lines = textFrom(this.#plan.logFile, this.#seen).split('\n')
    return lines.filter((line) => line.includes('"fault-point"')).flatMap(parsed)
  }
}

/** Whoever ended by itself meanwhile takes no signal, and needs none. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {}
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function textFrom(path: string, start: number): string {
  const bytes = Buffer.alloc(Math.max(0, sizeOf(path) - start))
  if (bytes.length === 0) return ''
  const file = openSync(path, 'r')
  try {
    return bytes.toString('utf8', 0, readSync(file, bytes, { position: start }))
  } finally {
    closeSync(file)
  }
}

/** A line that a kill cut in the middle says nothing. */
function parsed(line: string): readonly Struck[] {
  try {
    const { event, point, side, action, pass } = JSON.parse(line)
    return event === 'fault-point' ? [{ point, side, action, pass }] : []
  } catch {
    return []
  }
}
