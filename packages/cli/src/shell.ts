import type { LogSettings, OpenedLog } from '@otn/bus'
import type { Notifier, NotifierOptions } from '@otn/client'
import type { RuleTest } from '@otn/seeds'
import type { SeedsSources } from '@otn/seeds/repository'
import type { EnginePorts } from './doctor/engine-ports.ts'
import type { Sink } from './output/output.ts'

/** Everything outside that commands touch; tests put their own in its place. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdout: Sink & { readonly isTTY?: boolean }
  readonly stderr: Sink & { readonly isTTY?: boolean }
  /** Asks the person a question; null where nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<string>) | null
  /** Aborts when the person interrupts. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number
  /** Null where there is no such file, or it cannot be read. */
  readFile(path: string): string | null
  /** For its owner alone. @returns why it could not be written, also where it is there already */
  writeNewFile(path: string, text: string): string | null
  /** The bytes of a file as a stream; null where there is no such file, or it cannot be read. */
  openFile(path: string): AsyncIterable<Uint8Array> | null
  readonly fetch: typeof fetch
  readonly engines: EnginePorts
  openLog(settings: LogSettings): Promise<OpenedLog>
  /** What the tests of this repository say that they show, and what they said when they ran. */
  readTests(): Promise<SeedsSources>
  /** Where the tests of this repository name these rules of the policy. */
  readRuleTests(rules: ReadonlySet<string>): Promise<readonly RuleTest[]>
  createNotifier(options: NotifierOptions): Promise<Notifier>
}
