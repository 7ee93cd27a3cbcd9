/** The process itself, as an operator runs and stops it. */
import type { Bus } from '@otn/bus'
import { pageId } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchIngress, ready } from './ingress-process.ts'
import { type Place, post, readyBus, until, values } from './running-ingress.ts'
import { entry, optIn, webhook, wire } from './samples.ts'
import { identity } from './surroundings.ts'

const POSTERS = 20
const ACKNOWLEDGED_BEFORE_STOP = 300

let place: Place
let bus: Bus

beforeAll(async () => {
  place = testScope()
  bus = await readyBus(place)
})

afterAll(() => bus?.close(2_000))

describe('the ingress as a process', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'stopped by %s under load: every 200 is in the log, all others were 503 or cut [S0-24]',
    async (signal) => {
      const running = await launchIngress(place)
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
    const running = await launchIngress(place, {
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
