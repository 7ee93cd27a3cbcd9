import { kafkaTopics, type Records } from '@otn/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codec } from '../../test/codec.ts'
import { entry, item, optIn, webhook } from '../../test/samples.ts'
import { surroundings, translated } from '../../test/surroundings.ts'
import type { Fact } from './facts.ts'
import { countedKinds } from './kinds.ts'
import { quarantineFact } from './quarantine.ts'
import type { Translated } from './translate.ts'

const KINDS: ReadonlySet<string> = new Set(countedKinds)

const MEMBERS = [
  'optin',
  'message',
  'postback',
  'reaction',
  'referral',
  'account_linking',
  'pass_thread_control',
  'take_thread_control',
  'delivery',
  'read',
  'policy_enforcement',
  'sender',
  'recipient',
  'timestamp',
  '__proto__',
  'something_new',
]
const INNER = [
  'id',
  'mid',
  'mids',
  'is_echo',
  'type',
  'ref',
  'user_ref',
  'payload',
  'action',
  'status',
  'watermark',
  'metadata',
  'app_id',
  'authorization_code',
  'one_time_notif_token',
  'quick_reply',
  'referral',
  '__proto__',
]

const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('1000', '2000', 'one_time_notif_req', 'linked', 'react', 'block', 1e12, true),
)
const inner = fc.oneof(leaf, fc.dictionary(fc.constantFrom(...INNER), leaf))
const anyItem = fc.oneof(
  leaf,
  fc.dictionary(fc.constantFrom(...MEMBERS), inner),
  fc.dictionary(fc.constantFrom(...MEMBERS), inner).map((members) => item(members)),
)
const items = fc.array(anyItem, { maxLength: 3 })
const anyEntry = fc.oneof(
  leaf,
  fc.record(
    {
      id: fc.constantFrom('1000', 7, null),
      messaging: items,
      standby: items,
    },
    { requiredKeys: [] },
  ),
)
const anyBody = fc.oneof(
  fc.jsonValue(),
  fc.record({
    object: fc.constantFrom('page', 'instagram', 3),
    entry: fc.array(anyEntry, { maxLength: 3 }),
  }),
)

const bytesOf = (json: unknown) => Buffer.from(JSON.stringify(json))

function recordsOf({ place, result }: Translated, body: Buffer): readonly Fact[] {
  if (result.kind === 'facts') return result.facts
  if (result.kind === 'counted') return []
  return [quarantineFact({ ...place, ...result }, surroundings(body))]
}

describe('translating', () => {
  test('never throws, and every record it gives fits its schema', () => {
    fc.assert(
      fc.property(anyBody, (json) => {
        const body = bytesOf(json)
        for (const one of translated(body)) {
          if (one.result.kind === 'counted' && !KINDS.has(one.result.as)) return false
          for (const { topic, value, content } of recordsOf(one, body)) {
            const { record } = kafkaTopics[topic]
            const sealed = content === null ? {} : { keyId: 'k', sealed: Buffer.from('s') }
            codec.encode(record, { ...value, ...sealed } as Records[typeof record])
          }
        }
        return true
      }),
      { numRuns: 1_000 },
    )
  })

  test('drops nothing that carries an opt-in: it is a fact or it is kept', () => {
    fc.assert(
      fc.property(inner, items, (optin, others) => {
        const body = bytesOf(webhook(entry([item({ optin }), ...others])))
        return translated(body)[0]?.result.kind !== 'counted'
      }),
      { numRuns: 500 },
    )
  })

  test('gives an item the same ids alone, among others, and in another order of its members', () => {
    const turned = (json: object) => Object.fromEntries(Object.entries(json).reverse())
    const eventIds = (body: Buffer) =>
      translated(body).flatMap((one) => recordsOf(one, body).map(({ value }) => value.eventId))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...MEMBERS.slice(0, 11)), inner), (members) => {
        const one = item(members)
        const alone = eventIds(bytesOf(webhook(entry([one]))))
        const among = eventIds(bytesOf(webhook(entry([optIn()]), entry([turned(one)]))))
        expect(among.slice(1)).toEqual(alone)
      }),
    )
  })

  test('writes no raw id, token or payload outside of what is sealed', () => {
    const secrets = ['2000777', '44007770001', 'payload-777']
    const whole = optIn(
      { payload: 'payload-777', one_time_notif_token: '44007770001' },
      { psid: '2000777' },
    )
    const broken = { ...whole, timestamp: null }
    const body = bytesOf(webhook(entry([whole, broken])))
    for (const one of translated(body)) {
      for (const { key, value } of recordsOf(one, body)) {
        for (const secret of secrets) expect(JSON.stringify({ key, value })).not.toContain(secret)
      }
    }
  })
})
