import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { waitFor, watchPauses } from '@otn/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { optIn, tokenIdOf } from './facts.ts'
import { digits, openScene, type Scene } from './scene.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

let scene: Scene
const children: ChildProcess[] = []

beforeAll(async () => {
  scene = await openScene()
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(() => scene[Symbol.asyncDispose]())

/** The service as it is started in production: a process with an environment. */
function launch(more: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN], { env: { ...scene.env, ...more } })
  children.push(child)
  const output: string[] = []
  child.stdout.on('data', (chunk) => output.push(String(chunk)))
  child.stderr.on('data', (chunk) => output.push(String(chunk)))
  const ended = once(child, 'exit').then(([code]) => Number(code))
  const url = async () => {
    const started = () => /"event":"service.started","url":"([^"]+)"/.exec(output.join(''))?.[1]
    return waitFor(started, { timeoutMs: 90_000, describe: 'the process to start' })
  }
  return { child, ended, url, output: () => output.join('') }
}

const stateOf = async (url: string, token: string) => {
  const headers = { authorization: 'Bearer reader-key' }
  const answer = await fetch(`${url}/v1/tokens/${tokenIdOf(token)}`, { headers })
  return ((await answer.json()) as { readonly state?: string }).state
}

describe('the process', () => {
  test('serves, and ends with 0 on SIGTERM within seconds', async () => {
    const one = { psid: digits(), token: digits() }
    await scene.append('optIn', [optIn(one)])
    const { child, ended, url } = launch()
    const address = await url()
    const isLive = async () => (await stateOf(address, one.token)) === 'live'
    await waitFor(isLive, { timeoutMs: 90_000, describe: 'the opt-in to be folded' })
    using pauses = watchPauses()
    const since = performance.now()
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(performance.now() - since).toBeLessThan(pauses.stretched(10_000))
  })

  test('ends by itself when its store was emptied, so that its next start rebuilds', async () => {
    const { ended, url, output } = launch()
    await url()
    await scene.db.dropDatabase()
    expect(await ended).not.toBe(0)
    expect(output()).toContain('OTN_STORE_GENERATION_LOST')
  })

  test.each([
    ['OTN_MASTER_KEY', { OTN_MASTER_KEY: 'k1:short' }, 78],
    ['LEDGER_EXPIRY_MARGIN_MS', { LEDGER_EXPIRY_MARGIN_MS: '-1' }, 78],
    ['OTN_API_KEYS_FILE', { OTN_API_KEYS_FILE: '/nowhere/keys.json' }, 78],
    ['KAFKA_REPLICATION_FACTOR', { OTN_MODE: 'production' }, 78],
    ['otn.optin.events.v1', { KAFKA_TOPIC_PREFIX: 'nothing-here.' }, 78],
    ['MONGODB_URI', { MONGODB_URI: 'mongodb://127.0.0.1:1', LEDGER_START_WAIT_MS: '0' }, 69],
  ])('does not start with a wrong %s, and names it', async (name, env, code) => {
    const { ended, output } = launch({ LEDGER_STORE_TIMEOUT_MS: '1000', ...env })
    expect(await ended).toBe(code)
    expect(output()).toContain(name)
    expect(output()).not.toContain(scene.env.OTN_MASTER_KEY)
  })

  test('does not start on a taken port, and names port and setting', async () => {
    const first = launch()
    const { port } = new URL(await first.url())
    const second = launch({ LEDGER_PORT: port })
    expect(await second.ended).toBe(78)
    expect(second.output()).toContain(`LEDGER_PORT: the port is taken`)
    expect(second.output()).toContain(port)
  })
})
