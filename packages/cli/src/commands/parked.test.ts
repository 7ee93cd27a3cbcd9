import {
  type CancelNotification,
  type Codec,
  codecInMemory,
  type MessageParked,
  type NotificationEvent,
  type Notify,
  type ParkedMessage,
  UNHEARD_DIGEST,
} from '@otn/contracts'
import { commandId, eventId, pageId, pageScopedUserId } from '@otn/kernel'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FAKE_ENV, run } from '../fake-shell.ts'
import { type FakeLog, fakeLogWithPage, fakeVault } from '../log/fake-log.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const PARKED_AT = Date.UTC(2026, 10, 20)
const PERSONAL = /2000|Hello/

let codec: Codec
let log: FakeLog

beforeAll(async () => {
  codec = await codecInMemory()
})
beforeEach(async () => {
  log = await fakeLogWithPage()
})

const notify = (id = 'restock-1'): Notify => ({
  ...{ commandId: commandId(id), pageId: pageId('1000'), psid: pageScopedUserId('2000') },
  ...{ topic: 'restock', text: 'Hello Ada', requestedBy: 'shop' },
})

interface Park {
  readonly value?: Buffer
  readonly reason?: string
  readonly id?: string | null
  readonly kafkaTopic?: string
  readonly offset?: string
}

/** Parks something as the dispatcher does. */
function park({
  value = codec.encode('Notify', notify()),
  reason = 'unknown-schema',
  id = 'restock-1',
  kafkaTopic = 'otn.notify.commands.v1',
  offset = '7',
}: Park = {}): string {
  const page = id === null ? 'unknown' : '1000'
  const about = { eventId: eventId(offset.padStart(32, '0')), pageId: pageId(page) }
  const context = { record: 'ParkedMessage', eventId: about.eventId, owner: page }
  const original = {
    ...{ key: Buffer.from('1000:k').toString('base64'), value: value.toString('base64') },
    headers: { ce_id: 'x', mine: 'y' },
  }
  const record: MessageParked = {
    ...{ type: 'MessageParked', ...about, at: PARKED_AT, reason, detail: 'why' },
    ...{ commandId: id === null ? null : commandId(id), sourceTopic: kafkaTopic },
    ...{ sourcePartition: 0, sourceOffset: offset, ...fakeVault().seal(original, context) },
  }
  log.append('parked', { name: 'ParkedMessage', value: record, timestampMs: PARKED_AT })
  return about.eventId
}

function told(type: 'NotificationSent' | 'NotificationScheduled', id = 'restock-1'): void {
  const value = {
    ...{ type, eventId: eventId(type), pageId: pageId('1000'), commandId: commandId(id), at: 1 },
    ...{ commandDigest: UNHEARD_DIGEST, attempt: 1, route: 'TOKEN', reason: 'not-before' },
    ...{ certainty: 'CONFIRMED', messageId: 'm', dueAt: 2, tokenReleased: true },
    ...{ keyId: 'k1', sealed: Buffer.from('s') },
  } as unknown as NotificationEvent
  log.append('notification', { name: 'NotificationEvent', value, timestampMs: PARKED_AT })
}

const marks = () =>
  (log.values('parked') as readonly ParkedMessage[]).filter(({ type }) => type !== 'MessageParked')
const cancels = () => log.values('cancel') as readonly CancelNotification[]
const otn = (line: string, more: Partial<Parameters<typeof run>[1]> = {}) =>
  run(line, { log: log.opened, nowMs: NOW, env: { ...FAKE_ENV, USER: 'ada' }, ...more })
const json = async (line: string) => JSON.parse((await otn(`${line} --json`)).out)

describe('otn parked redrive', () => {
  test('sends a message again to its own Kafka topic: bytes, key and headers', async () => {
    const id = park()
    const { code, out, err } = await otn('parked redrive --all --yes')
    expect([code, err]).toEqual([0, expect.stringContaining('1 of 1 entries done')])
    const [sent] = log.records('notify')
    expect(sent?.value).toEqual(codec.encode('Notify', notify()))
    expect(sent?.key?.toString()).toBe('1000:k')
    expect(sent?.headers).toMatchObject({ ce_id: 'x', mine: 'y', 'x-redriven-from': id })
    expect(marks()).toMatchObject([
      { type: 'MessageRedriven', resolves: id, resolvedBy: 'ada', redrivenAs: 'notify/0@0' },
    ])
    expect(`${out}${err}`).not.toMatch(PERSONAL)
  })

  test('sends nothing the second time', async () => {
    park()
    await otn('parked redrive --all --yes')
    expect(await json('parked redrive --all --yes')).toMatchObject({ sent: 0, left: 0 })
    expect([log.records('notify').length, marks().length]).toEqual([1, 1])
  })

  test('cut off between message and mark, it only marks: nothing twice, nothing lost', async () => {
    const ids = [park(), park({ offset: '8', id: 'b', value: codec.encode('Notify', notify('b')) })]
    const calls = { left: 1 }
    const { bus } = log.opened
    const appender = () => ({
      append: async (records: Parameters<ReturnType<typeof bus.appender>['append']>[0]) => {
        calls.left -= 1
        if (calls.left < 0) throw new Error('cut off')
        return bus.appender().append(records)
      },
    })
    const cut = { codec, bus: { ...bus, appender: appender as never } }
    expect((await otn('parked redrive --all --yes', { log: cut })).code).toBe(1)
    expect([log.records('notify').length, marks()]).toEqual([2, []])
    const again = await json('parked redrive --all --yes')
    expect(again).toMatchObject({ redriven: 2, sent: 0 })
    expect(log.records('notify')).toHaveLength(2)
    expect(marks().map(({ resolves, redrivenAs }) => [resolves, redrivenAs])).toEqual([
      [ids[0], 'notify/0@0'],
      [ids[1], 'notify/0@1'],
    ])
  })

  test.each([
    ['bytes that are no record', { value: Buffer.from('no Avro') }, /malformed: the value is not/],
    ['a fault of its own', { reason: 'command-id-invalid' }, /commandId is empty.*end here again/],
    ['another deployment’s', { kafkaTopic: 'x.otn.notify.commands.v1' }, /kafka-topic-unknown/],
    [
      'a schema nobody knows',
      { value: Buffer.from([0, 0, 0, 99, 99, 0]) },
      /knows no schema 25443/,
    ],
  ])('says why it cannot, and leaves it open: %s', async (_title, more, why) => {
    park(more)
    const { code, out } = await otn('parked redrive --all --yes')
    expect([code, log.records('notify'), marks()]).toEqual([1, [], []])
    expect(out).toMatch(why)
  })

  test.each([
    ['NotificationSent', /has ended already: drop it/],
    ['NotificationScheduled', /is under way already: drop it/],
  ] as const)('is not sent where its id has %s: it would be refused', async (type, why) => {
    park()
    told(type)
    const { code, out } = await otn('parked redrive --all --yes')
    expect([code, out]).toEqual([1, expect.stringMatching(why)])
    expect([log.records('notify'), marks()]).toEqual([[], []])
  })

  test('a dry run and a no send nothing', async () => {
    park()
    const dry = await otn('parked redrive --reason unknown-schema --dry-run')
    expect(dry.out).toMatch(/1000 +otn\.notify\.commands\.v1 +1 +2d/)
    const asked = await otn('parked redrive --all', { typed: 'no' })
    expect(asked.err).toContain('1 message will be sent again')
    expect(asked.err).toContain('set aside more than 1d ago, the oldest 2d ago')
    expect([dry.code, asked.code, log.records('notify'), marks()]).toEqual([0, 5, [], []])
  })
})

describe('otn parked drop', () => {
  test('ends a Notify whose ids could be read by a cancel, so that its asker learns it', async () => {
    const id = park({ reason: 'unknown-field' })
    const { code, out } = await otn('parked drop --all --because "asked for again" --yes')
    expect([code, out]).toEqual([0, expect.stringContaining('whoever asked learns it')])
    expect(cancels()).toMatchObject([
      { commandId: `drop:${id}`, pageId: '1000', cancels: 'restock-1', requestedBy: 'ada' },
    ])
    expect(marks()).toMatchObject([
      { type: 'MessageDropped', resolves: id, dropReason: 'asked for again' },
    ])
    const { verdict } = await json('explain restock-1 --page 1000')
    expect(verdict).toMatchObject({
      state: 'dropped',
      sentence: 'given up by ada: asked for again',
    })
  })

  test('never cancels another command that its asker published under the same id', async () => {
    park()
    const value = notify()
    log.append('notify', { name: 'Notify', value, timestampMs: PARKED_AT + 1 })
    expect(await json('parked drop --all --because x --yes')).toMatchObject({
      ...{ dropped: 1, entries: [{ end: 'has-its-own' }] },
    })
    expect([cancels(), marks().length]).toEqual([[], 1])
  })

  test('never cancels a command that has begun', async () => {
    park()
    told('NotificationScheduled')
    await otn('parked drop --all --because x --yes')
    expect([cancels(), marks().length]).toEqual([[], 1])
  })

  test('says that nobody learns of one without ids, and of a question', async () => {
    park({ id: null, value: Buffer.from('no Avro') })
    park({ offset: '8', kafkaTopic: 'otn.optin-request.commands.v1' })
    const { entries } = await json('parked drop --all --because x --yes')
    expect(entries).toMatchObject([{ end: 'nameless' }, { end: 'none' }])
    expect([cancels(), marks().length]).toEqual([[], 2])
  })

  test('does not drop what was sent again and not marked', async () => {
    const id = park()
    const [record] = [codec.encode('Notify', notify())]
    const headers = { 'x-redriven-from': id }
    await log.opened.bus
      .appender()
      .append([{ topic: 'notify', key: 'k', value: record ?? null, headers }])
    const { code, out } = await otn('parked drop --all --because x --yes')
    expect([code, out]).toEqual([1, expect.stringContaining('already-sent')])
    expect([cancels(), marks()]).toEqual([[], []])
  })
})

describe('otn parked', () => {
  test('lists commands by their ids and places, and nobody’s data', async () => {
    park()
    const { out } = await otn('parked list')
    expect(out).toMatch(
      /1000 +unknown-schema +open +1 .* restock-1 +otn\.notify\.commands\.v1\/0@7/,
    )
    expect(JSON.stringify(await json('parked list'))).not.toMatch(PERSONAL)
  })

  test('shows a command with what is personal masked, unless it is asked for', async () => {
    const id = park()
    const masked = await json(`parked show ${id}`)
    expect(masked.holds).toMatchObject({ commandId: 'restock-1', psid: '[personal]' })
    expect(JSON.stringify(masked)).not.toMatch(PERSONAL)
    const whole = await json(`parked show ${id} --personal`)
    expect(whole.holds).toMatchObject({ psid: '2000', text: 'Hello Ada' })
  })

  test('is told by explain until somebody decides, and not once it was sent again', async () => {
    const id = park()
    const before = await json('explain restock-1')
    expect(before.verdict).toMatchObject({ state: 'parked', reason: 'unknown-schema' })
    expect(before.verdict.next.join('\n')).toContain(`parked redrive ${id} --dry-run`)
    await otn('parked redrive --all --yes')
    expect((await json('explain restock-1')).verdict.state).toBe('published')
  })
})
