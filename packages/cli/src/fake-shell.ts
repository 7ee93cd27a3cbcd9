/** A shell without a process around it, for the unit tests of commands. */
import type { OpenedLog } from '@otn/bus'
import { createFakeNotifier, type FakeNotifier } from '@otn/client/testing'
import type { RuleTest } from '@otn/seeds'
import type { SeedsSources } from '@otn/seeds/repository'
import type { EnginePorts } from './doctor/engine-ports.ts'
import type { ExitCode } from './exit-code.ts'
import { runCli } from './run-cli.ts'

export interface FakeSurroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  /** Takes what is written, by path. */
  readonly written?: Map<string, string>
  readonly notifier?: FakeNotifier
  readonly log?: OpenedLog
  /** Answers HTTP calls; the default is that nobody listens. */
  readonly answer?: (request: Request) => Promise<Response> | Response
  /** Beside HTTP and the log; the default is that none answers. */
  readonly engines?: EnginePorts
  readonly tests?: SeedsSources
  readonly ruleTests?: readonly RuleTest[]
  readonly nowMs?: number
  /** What a person at the terminal types; without it nobody sits there. */
  readonly typed?: string
}

export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

/** Every address and key that commands ask for. */
export const FAKE_ENV = {
  KAFKA_BROKERS: 'kafka:9092',
  SCHEMA_REGISTRY_URL: 'http://registry',
  OTN_LEDGER_URL: 'http://ledger',
  OTN_DISPATCHER_URL: 'http://dispatcher',
  OTN_INGRESS_URL: 'http://ingress',
  OTN_PAGES_URL: 'http://pages',
  OTN_API_KEY: 'planted-api-key',
  META_APP_SECRET: 'test-app-secret',
  OTN_PERSON_PEPPER: 'test-pepper',
  OTN_MASTER_KEY: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
} as const

/** An HTTP API that gives one answer, and what it was asked. */
export function answering(body: object, status = 200) {
  const asked: { readonly call: string; readonly body: unknown }[] = []
  const answer = async (request: Request) => {
    const text = await request.text()
    const call = `${request.method} ${request.url.replace(FAKE_ENV.OTN_DISPATCHER_URL, '')}`
    asked.push({ call, body: text === '' ? null : JSON.parse(text) })
    return Response.json(body, { status })
  }
  return { asked, answer }
}

/** Runs one command line, given as typed, and collects what it writes. */
export async function run(line: string, surroundings: FakeSurroundings = {}): Promise<Ran> {
  const { env = FAKE_ENV, files = {}, notifier = createFakeNotifier(), log } = surroundings
  const { answer, typed, nowMs = Date.UTC(2026, 10, 22, 8) } = surroundings
  const { tests = { mentions: [], runs: { runs: {} } }, ruleTests = [] } = surroundings
  const { engines = NO_ENGINES, written = new Map<string, string>() } = surroundings
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runCli(wordsOf(line), {
    env,
    cwd: '/repo',
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    signal: new AbortController().signal,
    ask:
      typed === undefined
        ? null
        : async (question) => {
            err.push(question)
            return typed
          },
    nowMs: () => nowMs,
    readFile: (path) => new Map(Object.entries(files)).get(path) ?? null,
    writeNewFile: (path, text) => {
      if (written.has(path)) return 'EEXIST'
      written.set(path, text)
      return null
    },
    openFile: (path) => {
      const text = new Map(Object.entries(files)).get(path)
      return text === undefined ? null : inPieces(Buffer.from(text, 'utf8'))
    },
    engines,
    fetch: async (url, init) => {
      if (!answer) throw new TypeError('nobody listens')
      return answer(new Request(url, init))
    },
    openLog: async () => {
      if (!log) throw new Error('no log was given to this test')
      return log
    },
    createNotifier: async () => notifier,
    readTests: async () => tests,
    readRuleTests: async (rules) => ruleTests.filter(({ rule }) => rules.has(rule)),
  })
  return { code, out: out.join(''), err: err.join('') }
}

const NOBODY = (): never => {
  throw new Error('no engines were given to this test')
}

const NO_ENGINES: EnginePorts = {
  nodeVersion: 'v24.0.0',
  openBus: NOBODY,
  planTopics: async () => NOBODY(),
  askRegistry: async () => NOBODY(),
  checkSchemas: async () => NOBODY(),
  askMongodb: async () => NOBODY(),
  setUpClient: NOBODY,
}

/** Small enough to cut lines and characters apart. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

/** Splits as a shell would; double quotes hold words together. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}
