import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRegistryClient, kafkaTopics, type MessageParked, type Notify } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
import { faultProxy } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Dispatcher,
  openScene,
  PAGE,
  PLANTED,
  type Scene,
  TOPIC,
  until,
  vault,
} from './support/scene.ts'

const NOTIFY_SCHEMA = join(import.meta.dirname, '../../../schemas/Notify.avsc')

describe('the HTTP door', () => {
  let scene: Scene
  let dispatcher: Dispatcher
  beforeAll(async () => {
    scene = await openScene()
    dispatcher = await scene.start()
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  const body = (psid: string) => ({ pageId: PAGE, psid, topic: TOPIC, text: PLANTED.text })
  const post = (key: string, content: unknown, query = '') =>
    dispatcher.post(`/v1/notifications${query}`, content, { 'idempotency-key': key })

  test('takes a command, publishes it, and knows it from that moment on', async () => {
    const { psid } = await scene.grant()
    const answer = await post('http-1', body(psid))
    expect(answer.status).toBe(202)
    const topic = `${scene.scope.prefix}${kafkaTopics.notify.name}`
    const position = { topic, partition: expect.any(Number), offset: expect.any(String) }
    expect(answer.body).toEqual({ commandId: 'http-1', position })
    const known = await dispatcher.get(`/v1/pages/${PAGE}/notifications/http-1`)
    expect(known.status).toBe(200)
    expect(await scene.ended('http-1')).toMatchObject({ type: 'NotificationSent' })
  })

  test('takes the same command again, and refuses another one under its key', async () => {
    const { psid } = await scene.grant()
    expect((await post('http-2', body(psid))).status).toBe(202)
    const other = await post('http-2', { ...body(psid), text: 'Something else.' })
    expect(other).toMatchObject({ status: 409, body: { code: 'OTN_HTTP_CONFLICT' } })
    expect((await post('http-2', body(psid))).status).toBe(202)
    await scene.ended('http-2')
    expect(scene.facts('http-2')).toHaveLength(2)
  })

  test('says what is wrong with a command, and records nothing of it', async () => {
    const both = await post('http-3', { ...body('1'), message: { text: 'a' } })
    expect(both).toMatchObject({ status: 400, body: { errors: [{ field: 'text' }] } })
    expect(both.body.detail).toContain('content-ambiguous')
    const unknown = await post('http-3', { ...body('1'), txt: 'a' })
    expect(unknown.status).toBe(400)
    expect((await dispatcher.post('/v1/notifications', body('1'))).status).toBe(400)
    expect((await dispatcher.get(`/v1/pages/${PAGE}/notifications/http-3`)).status).toBe(404)
  })

  test('previews a command and spends nothing', async () => {
    const { psid, token, tokenId } = await scene.grant()
    const preview = await until('a proposal', async () => {
      const answer = await post('http-4', body(psid), '?dryRun=true')
      return answer.body.decision === 'spend' ? answer : null
    })
    expect(preview).toMatchObject({ status: 200, body: { tokenId, candidates: 1 } })
    // A ledger that stands still says no to a fresh opt-in, and no dry run believes it.
    scene.ledger.isFrozen = true
    await post('http-4', body('31415'), '?dryRun=true')
    const { psid: late } = await scene.grant()
    const unsure = await post('http-4', body(late), '?dryRun=true')
    expect(unsure.body).toMatchObject({ decision: 'unsure', reason: 'ledger-behind' })
    scene.ledger.isFrozen = false
    const none = await post('http-4', body('31415'), '?dryRun=true')
    expect(none.body).toMatchObject({ decision: 'refuse', reason: 'no-live-token' })
    expect(scene.graph.calls.some((call) => call.token === token)).toBe(false)
    const { call } = preview.body
    expect(JSON.parse(call.body).recipient).toEqual({ one_time_notif_token: '[token]' })
    expect(JSON.stringify(preview.body)).not.toContain(token)
    expect((await dispatcher.get(`/v1/pages/${PAGE}/notifications/http-4`)).status).toBe(404)
  })

  test('says 503 in its own time while MongoDB hangs, and takes the command when asked again', async () => {
    const { psid } = await scene.grant()
    await using proxy = await faultProxy({ target: new URL(scene.scope.mongodbUri).host })
    const through = `mongodb://${proxy.address}/?directConnection=true`
    const limits = { DISPATCHER_APPEND_TIMEOUT_MS: '1000', DISPATCHER_STORE_TIMEOUT_MS: '20000' }
    const frozen = await scene.start({ MONGODB_URI: through, ...limits })
    const ask = () => frozen.post('/v1/notifications', body(psid), { 'idempotency-key': 'http-5' })
    proxy.stall()
    expect(await ask()).toMatchObject({ status: 503, body: { code: 'OTN_HTTP_UNAVAILABLE' } })
    const path = `/v1/pages/${PAGE}/notifications/http-5`
    expect(await frozen.get(path)).toMatchObject({ body: { code: 'OTN_HTTP_UNAVAILABLE' } })
    proxy.heal()
    await until('the same command, taken', async () => (await ask()).status === 202 || null)
    expect(await scene.ended('http-5')).toMatchObject({ type: 'NotificationSent' })
    expect(scene.facts('http-5')).toHaveLength(2)
    await frozen.close()
  })

  test('opens for keys with the scope alone, and describes itself', async () => {
    const path = `/v1/pages/${PAGE}/notifications/http-1`
    expect((await dispatcher.get(path, 'no-key')).status).toBe(401)
    expect((await dispatcher.get(path, 'reader-key')).status).toBe(200)
    expect((await dispatcher.get('/v1/operations/digest', 'reader-key')).status).toBe(403)
    const { body: document } = await dispatcher.get('/openapi.json')
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/v1/campaigns',
      '/v1/doubts',
      '/v1/notifications',
      '/v1/operations/digest',
      '/v1/opt-in-requests',
      '/v1/pages/{pageId}/campaigns',
      '/v1/pages/{pageId}/campaigns/{campaignId}',
      '/v1/pages/{pageId}/notifications/{commandId}',
      '/v1/pages/{pageId}/notifications/{commandId}/settlement',
    ])
    expect((await dispatcher.get('/health/ready')).status).toBe(200)
  })
})

describe('what is not a usable command', () => {
  let scene: Scene
  let dispatcher: Dispatcher
  beforeAll(async () => {
    scene = await openScene()
    dispatcher = await scene.start()
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  test('is parked with its reason, sealed, and the commands behind it go on', async () => {
    const parked = await followParked(scene)
    // One key: all of them stand in one partition, the good command last.
    const send = (value: Buffer | null) => scene.appendRaw('notify', 'same-key', value)
    const notify = (values: Partial<Notify>) =>
      scene.codec.encode('Notify', {
        ...{ commandId: commandId('c'), pageId: PAGE, topic: TOPIC, text: PLANTED.text },
        ...values,
      })
    await send(Buffer.from('no Avro at all'))
    await send(null)
    await send(notify({ commandId: commandId('') }))
    await send(notify({ commandId: commandId('x'.repeat(129)) }))
    await send(notify({ commandId: commandId('two\nlines') }))
    await send(notify({ pageId: pageId('not-a-page') }))
    const { psid } = await scene.grant()
    const good = { commandId: commandId('good'), psid: pageScopedUserId(psid) }
    await send(notify(good))
    expect(await scene.ended('good')).toMatchObject({ type: 'NotificationSent' })
    const messages = await until('six parked', () => (parked.length === 6 ? parked : null))
    expect(messages.map(({ reason }) => reason)).toEqual([
      ...['malformed', 'malformed', 'command-id-invalid', 'command-id-invalid'],
      ...['command-id-invalid', 'page-id-invalid'],
    ])
    const [first] = messages
    if (!first) throw new Error('nothing was parked')
    const context = { record: 'ParkedMessage', eventId: first.eventId, owner: first.pageId }
    const original = Buffer.from('no Avro at all').toString('base64')
    expect(vault.open(first, context)).toMatchObject({ value: original })
  })

  test('[D-07] written with nothing but the schema of the registry is one, and goes out', async () => {
    const { psid } = await scene.grant()
    const subject = `${scene.scope.prefix}${kafkaTopics.notify.name}-value`
    const address = `${scene.scope.schemaRegistryUrl}/subjects/${subject}/versions/latest`
    const { id, schema } = (await (await fetch(address)).json()) as { id: number; schema: string }
    const said: Readonly<Record<string, string>> = {
      ...{ commandId: 'plain-1', pageId: PAGE, psid, topic: TOPIC, text: 'It is back.' },
    }
    // Avro: a text is its length, zigzag, and its bytes; of a union null is branch 0.
    const text = (value = '') => [value.length * 2, ...Buffer.from(value)]
    const fields: readonly { name: string; type: unknown }[] = JSON.parse(schema).fields
    const body = fields.flatMap(({ name, type }) => {
      if (!Array.isArray(type)) return text(said[name])
      return said[name] === undefined ? [0] : [2, ...text(said[name])]
    })
    const framed = Buffer.from([0, 0, 0, 0, 0, ...body])
    framed.writeInt32BE(id, 1)
    await scene.appendRaw('notify', 'any key', framed)
    expect(await scene.ended('plain-1')).toMatchObject({ type: 'NotificationSent', attempt: 1 })
  })

  test('of a younger schema goes out only where it says nothing that this build would ignore', async () => {
    const parked = await followParked(scene)
    const subject = `${scene.scope.prefix}${kafkaTopics.notify.name}-value`
    const registry = createRegistryClient(scene.scope.schemaRegistryUrl, 60_000)
    const known = JSON.parse(readFileSync(NOTIFY_SCHEMA, 'utf8'))
    const field = { name: 'onlyIf', type: ['null', 'string'], default: null, doc: 'A constraint.' }
    const younger = { ...known, fields: [...known.fields, field] }
    const schemaId = await registry.register(subject, JSON.stringify(younger))
    const send = async (id: string, surplus: Buffer) => {
      const { psid } = await scene.grant()
      const who = { commandId: commandId(id), pageId: PAGE, psid: pageScopedUserId(psid) }
      const value = scene.codec.encode('Notify', { ...who, topic: TOPIC, text: PLANTED.text })
      value.writeInt32BE(schemaId, 1)
      await scene.appendRaw('notify', id, Buffer.concat([value, surplus]))
    }
    // Avro: branch 1 of the union, then a text of one character; branch 0 is null.
    await send('says-more', Buffer.from([2, 2, 0x78]))
    await send('says-nothing', Buffer.from([0]))
    expect(await scene.ended('says-nothing')).toMatchObject({ type: 'NotificationSent' })
    const message = await until('the parked one', () =>
      parked.find(({ reason }) => reason === 'unknown-field'),
    )
    expect(message).toMatchObject({ detail: 'onlyIf', pageId: PAGE, commandId: 'says-more' })
    expect(scene.facts('says-more')).toEqual([])
  })

  test('planted secrets and personal data stand in no log line, metric, fact or answer', async () => {
    const { psid, token } = await scene.grant()
    scene.graph.fate = ({ headers }) => ({
      status: 400,
      error: { code: 551, message: `said ${headers.authorization} ${token} ${psid}`, type: 'X' },
    })
    const refused = await scene.notify({ psid: pageScopedUserId(psid) })
    await scene.ended(refused.commandId)
    scene.graph.fate = () => 'accept'
    const sent = await scene.notify({
      psid: pageScopedUserId(psid),
      notBefore: scene.clock.now + 1,
    })
    await until('the wait', () => scene.facts(sent.commandId).length > 0)
    scene.clock.now += 1
    await scene.ended(sent.commandId)
    const answer = await dispatcher.get(`/v1/pages/${PAGE}/notifications/${sent.commandId}`)
    const metrics = await dispatcher.get('/metrics')
    const documents = JSON.stringify(await scene.db.collection('commands').find().toArray())
    const bytes = await rawBytes(scene)
    const places = {
      log: dispatcher.logged(),
      metrics: metrics.text,
      answer: answer.text,
      documents,
      bytes,
    }
    const planted = [
      psid,
      token,
      PLANTED.text,
      PLANTED.pageToken,
      PLANTED.appSecret,
      'planted-pepper',
    ]
    for (const [place, text] of Object.entries(places)) {
      for (const secret of planted) {
        expect([place, text.includes(secret)]).toEqual([place, false])
        const encoded = Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1)
        expect([`${place}, base64`, text.includes(encoded)]).toEqual([`${place}, base64`, false])
      }
    }
    expect(metrics.text).toContain(
      'otn_dispatcher_attempts_total{outcome="sent",service="dispatcher"}',
    )
  })
})

async function followParked(scene: Scene): Promise<MessageParked[]> {
  const parked: MessageParked[] = []
  await scene.bus.follow({
    topics: ['parked'],
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const decoded = scene.codec.decode('ParkedMessage', value)
        if (decoded.kind !== 'known' || decoded.value.type !== 'MessageParked') continue
        parked.push(decoded.value)
      }
    },
    onCrash: () => {},
  })
  return parked
}

/** Keys, headers and values of everything that this service writes, as text. */
async function rawBytes(scene: Scene): Promise<string> {
  const parts: string[] = []
  const following = await scene.bus.follow({
    topics: ['notification', 'parked'],
    until: 'end',
    onBatch: ({ records }) => {
      for (const { key, value, headers } of records) {
        parts.push(`${key} ${JSON.stringify(headers)} ${value?.toString('latin1')}`)
      }
    },
    onCrash: () => {},
  })
  await following.finished
  return parts.join('\n')
}
