/** The process itself, as an operator runs and stops it. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Bus } from '@otn/bus'
import { freePort } from '@otn/engines'
import { pageId } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ingressEnv, type Place, post, readyBus, until, values } from './running-ingress.ts'
import { entry, optIn, webhook, wire } from './samples.ts'
import { identity } from './surroundings.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const POSTERS = 20
const ACKNOWLEDGED_BEFORE_STOP = 300

let place: Place
let bus: Bus

beforeAll(async () => {
  place = testScope()
  bus = await readyBus(place)
})

afterAll(() => bus?.close(2_000))

interface Process {
  readonly url: string
  readonly output: () => string
  readonly signal: (name: NodeJS.Signals) => void
  readonly exited: Promise<number | null>
}

async function launch(more: Readonly<Record<string, string>> = {}): Promise<Process> {
  const port = await freePort()
  const env = await ingressEnv(place, { INGRESS_PORT: String(port), ...more })
  const child = spawn(process.execPath, [MAIN], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const url = `http://127.0.0.1:${port}`
  return { url, output: () => output, signal: (name) => void child.kill(name), exited }
}

const ready = ({ url }: Process) =>
  until('the ingress is ready', async () => (await fetch(`${url}/health/ready`)).status === 200)

describe('the ingress as a process', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'stopped by %s under load: every 200 is in the log, all others were 503 or cut [S0-24]',
    async (signal) => {
      const running = await launch()
      await ready(running)
      const taken = new Set<string>()
      const others: (number | 'cut')[] = []
      let isOver = false
      const poster = async (name: number) => {
        for (let turn = 0; !isOver; turn += 1) {
          const token = `${signal}-${name}-${turn}`
          const tap = optIn({ one_time_notif_token: token }, { psid: `9${name}${turn}` })
          const body = wire(webhook(entry([tap])))
          const status = await post(running.url, body).then(
            (answer) => answer.status,
            () => 'cut' as const,
          )
          if (status === 200) taken.add(identity.event('OptInReceived', pageId('1000'), [token]))
          else others.push(status)
          if (status === 'cut') return
        }
      }
      const posters = Array.from({ length: POSTERS }, (_, name) => poster(name))
      await until('some were taken', () => taken.size >= ACKNOWLEDGED_BEFORE_STOP)
      running.signal(signal)
      const code = await running.exited
      isOver = true
      await Promise.all(posters)
      expect(code).toBe(signal === 'SIGTERM' ? 0 : null)
      expect(others.filter((status) => status !== 503 && status !== 'cut')).toEqual([])
      const facts = await values(bus, { topic: 'optIn', record: 'OptInReceived' })
      const onTheLog = new Set<string>(facts.map(({ eventId }) => eventId))
      expect([...taken].filter((id) => !onTheLog.has(id))).toEqual([])
    },
  )

  test('with wrong settings says all of them at once and starts nothing', async () => {
    const running = await launch({
      INGRESS_DEADLINE_MS: '9',
      META_APP_SECRET: '',
      KAFKA_BROKERS: '',
    })
    expect(await running.exited).toBe(78)
    const said = running.output()
    expect(said).toContain('3 settings are wrong; nothing was started')
    for (const name of ['INGRESS_DEADLINE_MS', 'META_APP_SECRET', 'KAFKA_BROKERS']) {
      expect(said).toContain(name)
    }
  })
})
