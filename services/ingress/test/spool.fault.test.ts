/** Kafka is away and webhooks are answered 200 from a disk: nobody may lose one by a kill. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bus } from '@otn/bus'
import { freePort, type KafkaEngine, startKafka } from '@otn/engines'
import { pageId } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spoolFaultPoints } from '../src/fault-points.ts'
import { type IngressProcess, launchIngress, ready } from './ingress-process.ts'
import { type Place, post, readyBus, runIngress, until, values } from './running-ingress.ts'
import { entry, optIn, webhook, wire } from './samples.ts'
import { identity } from './surroundings.ts'

const POSTERS = 4
const AFTER_MS = '500'

let kafka: KafkaEngine
let place: Place
let bus: Bus

beforeAll(async () => {
  kafka = await startKafka()
  place = { kafkaBrokers: kafka.kafkaBrokers, prefix: 'spool.' }
  bus = await readyBus(place)
})

afterAll(async () => {
  await bus?.close(2_000)
  await kafka?.stop()
})

function theBroker(): KafkaEngine['brokers'][number] {
  const [broker] = kafka.brokers
  if (!broker) throw new Error('no broker of our own')
  return broker
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'otn-spool-'))
const filesOf = (folder: string) => readdirSync(folder).filter((name) => name.includes('.spool'))
const withSpool = (folder: string) => ({
  ...{ INGRESS_SPOOL_DIR: folder, INGRESS_SPOOL_AFTER_MS: AFTER_MS },
})
const idOf = (token: string): string => identity.event('OptInReceived', pageId('1000'), [token])

function statusOf(url: string, token: string): Promise<number> {
  const tap = optIn({ one_time_notif_token: token }, { psid: `9${token}` })
  return post(url, wire(webhook(entry([tap])))).then(
    ({ status }) => status,
    () => 0,
  )
}

/** As the platform does: what got no 200 comes again. */
function deliver(url: string, token: string): Promise<void> {
  return until(`${token} is answered 200`, async () => (await statusOf(url, token)) === 200)
}

async function idsOnLog(): Promise<ReadonlySet<string>> {
  const facts = await values(bus, { topic: 'optIn', record: 'OptInReceived' })
  return new Set(facts.map(({ eventId }) => eventId))
}

const isDrained = (folder: string) =>
  until('the spool is empty', () => filesOf(folder).length === 0)

/** An ingress that is killed at one point after the other and comes back at once each time. */
async function diesAt(points: readonly string[], env: Readonly<Record<string, string>>) {
  const port = String(await freePort())
  const lives: IngressProcess[] = []
  let isWanted = true
  const live = async (): Promise<void> => {
    const point = points[lives.length]
    const fault = point === undefined ? {} : { OTN_FAULT_POINTS: `kill:${point}` }
    const life = await launchIngress(place, { ...env, ...fault, INGRESS_PORT: port })
    lives.push(life)
    void life.exited.then(() => (isWanted ? live() : undefined))
  }
  await live()
  const struck = () =>
    lives.flatMap(({ output }) => {
      const line = output()
        .split('\n')
        .find((it) => it.includes('"fault-point"'))
      const { point, side } = line === undefined ? { point: null, side: null } : JSON.parse(line)
      return point === null ? [] : [`${point}.${side}`]
    })
  return {
    url: `http://127.0.0.1:${port}`,
    struck,
    newest: () => lives.at(-1),
    stop: async () => {
      isWanted = false
      lives.at(-1)?.signal('SIGTERM')
      await lives.at(-1)?.exited
    },
  }
}

const sidesOf = (points: readonly (keyof typeof spoolFaultPoints)[]) =>
  points.flatMap((point) => spoolFaultPoints[point].sides.map((side) => `${point}.${side}`))
const WHILE_AWAY = sidesOf(['spool', 'spool-write', 'spool-sync'])
const AFTERWARDS = sidesOf(['drain', 'spool-remove'])

describe('an ingress with a spool', () => {
  test('killed on each side of each of its points loses no webhook answered 200, and makes none two facts [S0-24] [S1-46]', async () => {
    const all = [...WHILE_AWAY, ...AFTERWARDS]
    expect(all.toSorted()).toEqual(sidesOf(Object.keys(spoolFaultPoints) as never).toSorted())
    const folder = newFolder()
    const ingress = await diesAt(all, withSpool(folder))
    await until('it is ready', async () => (await fetch(`${ingress.url}/health/ready`)).ok)
    await theBroker().pause()
    const tokens: string[] = []
    const poster = async (name: number) => {
      for (let turn = 0; ingress.struck().length < WHILE_AWAY.length || turn === 0; turn += 1) {
        // Long enough to be found in no random id and no instant.
        const token = `44000000006${name}0${turn}`
        await deliver(ingress.url, token)
        tokens.push(token)
      }
    }
    await Promise.all(Array.from({ length: POSTERS }, (_, name) => poster(name)))
    // All of these were answered 200, and Kafka has none of them.
    expect(tokens.length).toBeGreaterThanOrEqual(POSTERS)
    expect(filesOf(folder).length).toBeGreaterThan(0)
    const held = filesOf(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    for (const token of tokens) expect(held.join('')).not.toContain(token)
    await theBroker().resume()
    await until('every point has struck', () => ingress.struck().length === all.length)
    await isDrained(folder)
    await ingress.stop()
    expect(ingress.struck()).toEqual(all)
    const onLog = await idsOnLog()
    expect(tokens.filter((token) => !onLog.has(idOf(token)))).toEqual([])
    expect(onLog.size).toBe(tokens.length)
  })

  test('that is off drains what an earlier one left, and shares its folder with nobody', async () => {
    const folder = newFolder()
    const first = await launchIngress(place, withSpool(folder))
    await ready(first)
    await theBroker().pause()
    await deliver(first.url, '7001')
    first.signal('SIGKILL')
    await first.exited
    expect(filesOf(folder)).toHaveLength(1)
    await theBroker().resume()
    const off = { INGRESS_SPOOL_DIR: folder }
    const second = await runIngress(place, off)
    await isDrained(folder)
    await expect(runIngress(place, off)).rejects.toMatchObject({
      code: 'OTN_CONFIG_INVALID',
      message: expect.stringContaining('in use by another ingress'),
    })
    expect(await idsOnLog()).toContain(idOf('7001'))
    // An alarm is for what is held longer than a second; what was found is told in any case.
    expect(second.logged()).toContain('"event":"spool.opened"')
    expect(second.logged()).toContain('"event":"spool.drained","webhooks":1,"isSound":true')
    await theBroker().pause()
    expect(await statusOf(second.url, '7002')).toBe(503)
    await theBroker().resume()
    await second.close()
  })
})
