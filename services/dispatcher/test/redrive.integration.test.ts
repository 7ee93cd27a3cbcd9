/** What the dispatcher parked, sent again or given up from the command line. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRegistryClient, kafkaTopics, type ParkedMessage } from '@otn/contracts'
import { commandId, pageScopedUserId } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HidingRegistry, hidingRegistry } from './support/hiding-registry.ts'
import { otn } from './support/otn.ts'
import { openScene, PAGE, PLANTED, type Scene, TOPIC, until } from './support/scene.ts'

const NOTIFY_SCHEMA = join(import.meta.dirname, '../../../schemas/Notify.avsc')
/** Avro: branch 1 of the union, then a text of one character; branch 0 is null. */
const SURPLUS = { says: Buffer.from([2, 2, 0x78]), isDefault: Buffer.from([0]) }

let scene: Scene
let registry: HidingRegistry
let younger: number

beforeAll(async () => {
  scene = await openScene()
  registry = await hidingRegistry(scene.scope.schemaRegistryUrl)
  await scene.start({ SCHEMA_REGISTRY_URL: registry.url })
  const subject = `${scene.scope.prefix}${kafkaTopics.notify.name}-value`
  const client = createRegistryClient(scene.scope.schemaRegistryUrl, 60_000)
  const known = JSON.parse(readFileSync(NOTIFY_SCHEMA, 'utf8'))
  const field = { name: 'onlyIf', type: ['null', 'string'], default: null, doc: 'A constraint.' }
  const schema = { ...known, fields: [...known.fields, field] }
  younger = await client.register(subject, JSON.stringify(schema))
})

afterAll(async () => {
  await registry?.[Symbol.asyncDispose]()
  await scene?.[Symbol.asyncDispose]()
})

/** Publishes a Notify of the younger schema; the person has one live token. */
async function send(id: string, surplus: Buffer): Promise<{ readonly token: string }> {
  const { psid, token } = await scene.grant()
  const who = { commandId: commandId(id), pageId: PAGE, psid: pageScopedUserId(psid) }
  const value = scene.codec.encode('Notify', { ...who, topic: TOPIC, text: PLANTED.text })
  value.writeInt32BE(younger, 1)
  await scene.appendRaw('notify', `${PAGE}:${id}`, Buffer.concat([value, surplus]))
  return { token }
}

async function parked(): Promise<readonly ParkedMessage[]> {
  const found: ParkedMessage[] = []
  const following = await scene.bus.follow({
    topics: ['parked'],
    until: 'end',
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const decoded = scene.codec.decode('ParkedMessage', value)
        if (decoded.kind === 'known') found.push(decoded.value)
      }
    },
    onCrash: () => {},
  })
  await following.finished
  return found
}

const command = async (line: string) => {
  const { code, out, err } = await otn(scene.env, line)
  expect(`${out}${err}`).not.toContain(PLANTED.text)
  return { code, out, err, json: line.includes('--json') ? JSON.parse(out || '{}') : {} }
}

describe('a parked command', () => {
  test('goes out once its schema is known and it was sent again, and once only', async () => {
    registry.hidden.add(younger)
    const { token } = await send('late', SURPLUS.isDefault)
    const [entry] = await until('it parked', async () => {
      const all = await parked()
      return all.length > 0 ? all : null
    })
    expect(entry).toMatchObject({ type: 'MessageParked', reason: 'unknown-schema' })
    expect(scene.facts('late')).toEqual([])
    registry.hidden.clear()
    const plan = await command('parked redrive --all --dry-run --json')
    expect(plan).toMatchObject({ code: 0, json: { published: false, sent: 1, left: 0 } })
    expect(scene.facts('late')).toEqual([])
    const done = await command('parked redrive --all --yes --json')
    expect(done).toMatchObject({ code: 0, json: { published: true, sent: 1 } })
    expect(await scene.ended('late')).toMatchObject({ type: 'NotificationSent', attempt: 1 })
    const again = await command('parked redrive --all --yes --json')
    expect(again).toMatchObject({ code: 0, json: { sent: 0, redriven: 0 } })
    expect(scene.graph.calls.filter((call) => call.token === token)).toHaveLength(1)
    expect(await parked()).toMatchObject([
      { type: 'MessageParked' },
      { type: 'MessageRedriven', resolves: entry?.eventId, resolvedBy: 'ada' },
    ])
  })

  test('that is dropped ends by a fact of the dispatcher, so that its asker learns it', async () => {
    const { token } = await send('says-more', SURPLUS.says)
    await until('it parked', async () =>
      (await parked()).find(({ reason }) => reason === 'unknown-field'),
    )
    const plan = await command('parked redrive --reason unknown-field --dry-run')
    expect(plan).toMatchObject({ code: 1, out: expect.stringContaining('does not know either') })
    const because = '--because superseded --yes --json'
    const dropped = await command(`parked drop --reason unknown-field ${because}`)
    expect(dropped.json).toMatchObject({ dropped: 1, entries: [{ end: 'cancelled' }] })
    const end = await scene.ended('says-more', ['NotificationCancelled'])
    expect(end).toMatchObject({ attempt: 0, reason: 'cancelled', settledBy: 'ada' })
    const again = await command(`parked drop --reason unknown-field ${because}`)
    expect(again.json).toMatchObject({ dropped: 0 })
    expect(scene.facts('says-more')).toHaveLength(1)
    expect(scene.graph.calls.some((call) => call.token === token)).toBe(false)
  })
})
