import { describe, expect, test } from 'vitest'
import type { WithdrawInput } from './notifier.ts'
import { withdrawCommand } from './withdraw-command.ts'

const around = { newId: 'new', source: 'shop', nowMs: 5 }
const token = '19342fe8002e6df3cf684809ae863aef'
const person = 'sStxGmklUR7y9IbqqR-AlG'
const command = (consent: object, more: object = {}) =>
  withdrawCommand({ pageId: '1000', consent, ...more } as WithdrawInput, around)

describe('withdrawing consent', () => {
  test.each([
    { psid: '2000' },
    { psid: '2000', topic: 'restock-1' },
    { person },
    { tokenId: token },
    { topic: 'restock-1' },
  ])('of %j makes a command of it and of nothing else', (consent) => {
    const none = { psid: null, person: null, tokenId: null, externalUserId: null, topic: null }
    expect(command(consent)).toEqual({
      command: {
        ...{ ...none, ...consent, commandId: 'new', pageId: '1000', reason: null },
        ...{ requestedBy: 'shop', requestedAt: 5 },
      },
    })
  })

  test.each([
    [{}, 'consent'],
    [{ psid: '2000', tokenId: token }, 'consent'],
    [{ psid: 'Ada Lovelace' }, 'consent.psid'],
    [{ person: 'Ada' }, 'consent.person'],
    [{ tokenId: 'the raw token' }, 'consent.tokenId'],
    [{ tokenId: token, topic: 'restock-1' }, 'consent.topic'],
    [{ topic: 'Restock!' }, 'consent.topic'],
    [{ psid: '2000', topics: 'a' }, 'consent.topics'],
  ])('of %j is refused by the name of its field', (consent, field) => {
    const made = command(consent)
    expect('faults' in made && made.faults.map((fault) => fault.field)).toEqual([field])
    expect(JSON.stringify(made)).not.toMatch(/Ada|raw token/)
  })

  test('names every fault at once', () => {
    const made = command({ psid: 'x' }, { pageId: 'shop', idempotencyKey: '', why: 'no' })
    const fields = 'faults' in made ? made.faults.map(({ field }) => field) : []
    expect(fields).toEqual(['why', 'pageId', 'idempotencyKey', 'consent.psid'])
  })
})
