import { describe, expect, test } from 'vitest'
import { person, Story, token } from '../test/support/story.ts'
import type { AuditedTopic, AuditRecord } from './audit-record.ts'
import { looksPersonal } from './looks-personal.ts'

const ours = { person: person(1), tokenId: token(1).tokenId }

function looks(topic: AuditedTopic, key: string | null, value: object): string | null {
  const [record] = new Story().write(topic, 'k', { ...value }).records()
  return looksPersonal({ ...record, key } as Extract<AuditRecord, { kind: 'known' }>)
}

describe.each(['optIn', 'token', 'notification', 'optInRequestEvent'] as const)(
  'on %s',
  (topic) => {
    test('pseudonyms are nothing personal', () => {
      expect(looks(topic, person(1), ours)).toBeNull()
      expect(looks(topic, 'c:123456', { person: null, tokenId: null })).toBeNull()
      expect(looks(topic, null, {})).toBeNull()
      expect(looks(topic, '12345', ours)).toBeNull()
    })

    test.each([
      ['the key', '123456', ours],
      ['the field person', 'k', { ...ours, person: '2000123456' }],
      ['the field person', 'k', { ...ours, person: `${ours.person}0` }],
      ['the field person', 'k', { ...ours, person: ` ${ours.person}` }],
      ['the field tokenId', 'k', { ...ours, tokenId: '4400000000000001' }],
      ['the field tokenId', 'k', { ...ours, tokenId: `${ours.tokenId}0` }],
      ['the field tokenId', 'k', { ...ours, tokenId: ` ${ours.tokenId}` }],
    ])('an id of the platform is, in %s', (where, key, value) => {
      expect(looks(topic, key, value)).toBe(where)
    })

    test('a name that digits stand in is none', () => {
      expect(looks(topic, 'c:order-123456', ours)).toBeNull()
      expect(looks(topic, '123456-order', ours)).toBeNull()
    })
  },
)

test('pages and commands are keyed as their makers please', () => {
  for (const topic of ['page', 'notify', 'parked'] as const) {
    expect(looks(topic, '1000123456', { person: '2000123456' })).toBeNull()
  }
})
