import { commandId, isAppError, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { schemas } from '../generated/schemas.ts'
import { parse } from './avro.ts'
import { createCodec } from './codec.ts'
import { frame } from './framing.ts'
import type { SchemaIds } from './schema-ids.ts'

const OURS = 7
const YOUNGER = 8
const FOREIGN = 9
const UNKNOWN = 10

/** The Notify of a writer that is ahead of us: one more nullable field. */
const younger = {
  ...schemas.Notify,
  fields: [...schemas.Notify.fields, { name: 'onlyIf', type: ['null', 'string'], default: null }],
}
const known = new Map<number, unknown>([
  [OURS, schemas.Notify],
  [YOUNGER, younger],
  [FOREIGN, schemas.TokenEvent],
])
const ids: SchemaIds = {
  idOf: () => OURS,
  schemaOf: (schemaId) => known.get(schemaId) ?? null,
  learn: async () => false,
}
const codec = createCodec(ids)
const notify = { commandId: commandId('c-1'), pageId: pageId('1000'), text: '在庫 😀' }

function writtenByYounger(onlyIf: string | null): Buffer {
  const empty = Object.fromEntries(younger.fields.map(({ name }) => [name, null]))
  return frame(YOUNGER, parse(younger).toBuffer({ ...empty, ...notify, onlyIf }))
}

describe('writing', () => {
  test('frames as Confluent does: zero, the id in four bytes, the body', () => {
    expect([...codec.encode('Notify', notify).subarray(0, 5)]).toEqual([0, 0, 0, 0, OURS])
  })

  test('a value that does not fit names its field and never shows itself', () => {
    const wrong = { ...notify, text: 4711 as unknown as string }
    try {
      codec.encode('Notify', wrong)
      expect.unreachable()
    } catch (error) {
      expect(isAppError(error, 'OTN_CODEC_INVALID') && error.message).toContain('field text')
      expect(String(error)).not.toContain('4711')
    }
  })

  test('a field the schema does not declare is refused, not dropped', () => {
    expect(() => codec.encode('Notify', { ...notify, psidd: '1' } as never)).toThrow(/undeclared/)
  })
})

describe('reading', () => {
  test('a command with an unknown field that says something gives its ids and no more', () => {
    expect(codec.decode('Notify', writtenByYounger('in-stock'))).toEqual({
      kind: 'unreadable',
      reason: 'unknown-field',
      detail: 'onlyIf',
      names: { pageId: '1000', commandId: 'c-1' },
    })
  })

  test('the same field at its default changes nothing', () => {
    expect(codec.decode('Notify', writtenByYounger(null)).kind).toBe('known')
  })

  test('an event of a type younger than us is told apart, to be ignored', () => {
    const events = createCodec({ ...ids, schemaOf: () => schemas.TokenEvent })
    const value = { eventId: 'e', type: 'TokenFramed', pageId: '1', at: 1 }
    const nulls = Object.fromEntries(schemas.TokenEvent.fields.map(({ name }) => [name, null]))
    const body = parse(schemas.TokenEvent).toBuffer({ ...nulls, ...value })
    const decoded = events.decode('TokenEvent', frame(OURS, body))
    expect(decoded).toEqual({ kind: 'unknown-type', type: 'TokenFramed' })
  })

  test('a fact that lacks what its type always carries is unreadable', () => {
    const events = createCodec({ ...ids, schemaOf: () => schemas.TokenEvent })
    const value = { eventId: 'e', type: 'TokenWithdrawn', pageId: '1', at: 1 }
    const nulls = Object.fromEntries(schemas.TokenEvent.fields.map(({ name }) => [name, null]))
    const body = parse(schemas.TokenEvent).toBuffer({ ...nulls, ...value })
    expect(events.decode('TokenEvent', frame(OURS, body)).kind).toBe('unreadable')
  })

  test.each([
    ['nothing', null, 'unreadable'],
    ['text', Buffer.from('hello world'), 'unreadable'],
    ['a record of another kind', frame(FOREIGN, Buffer.from([2, 3])), 'unreadable'],
    ['a cut body', codec.encode('Notify', notify).subarray(0, 9), 'unreadable'],
    [
      'a body with more behind it',
      Buffer.concat([codec.encode('Notify', notify), Buffer.from('x')]),
      'unreadable',
    ],
    ['an id nobody told us', frame(UNKNOWN, Buffer.from([2])), 'unknown-schema'],
  ])('%s is a value, never a throw', (_, bytes, kind) => {
    expect(codec.decode('Notify', bytes).kind).toBe(kind)
  })
})
