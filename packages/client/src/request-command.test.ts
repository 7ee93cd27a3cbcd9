import { describe, expect, test } from 'vitest'
import type { RequestOptInInput } from './notifier.ts'
import { requestCommand } from './request-command.ts'

const input: RequestOptInInput = {
  pageId: '1000',
  to: { psid: '2000', topic: 'restock-1234' },
  title: 'Tell you when it is back?',
}
const circumstances = { newId: 'new-id', source: 'shop', nowMs: 7 }
const made = (change: object) =>
  requestCommand({ ...input, ...change } as RequestOptInInput, circumstances)
const fieldsOf = (change: object) => {
  const outcome = made(change)
  return 'faults' in outcome ? outcome.faults.map(({ field }) => field) : []
}

describe('an opt-in request of a caller', () => {
  test('is the record that any service could publish [S0-11]', () => {
    expect(made({ context: 'shop-7', idempotencyKey: 'k', giveUpAt: 1_900_000_000_000 })).toEqual({
      command: {
        ...{ commandId: 'k', pageId: '1000', psid: '2000', tokenId: null, topic: 'restock-1234' },
        ...{ title: 'Tell you when it is back?', context: 'shop-7', giveUpAt: 1_900_000_000_000 },
        timeZone: null,
        ...{ requestedBy: 'shop', requestedAt: 7 },
      },
    })
    expect(made({})).toMatchObject({ command: { commandId: 'new-id', context: null } })
  })

  test.each([
    ['a', 65, 66],
    ['あ', 65, 66],
    ['🔔', 32, 33],
  ])('has a title of at most 65 UTF-16 code units, of %s [S0-12]', (sign, fits, isTooLong) => {
    expect(fieldsOf({ title: sign.repeat(fits) })).toEqual([])
    expect(fieldsOf({ title: sign.repeat(isTooLong) })).toEqual(['title'])
  })

  test.each([
    [{ title: ' \u200b' }, ['title']],
    [{ title: 'a\u0000' }, ['title']],
    [{ title: 'half \ud83d' }, ['title']],
    [{ context: 'a b' }, ['context']],
    [{ context: 7 }, ['context']],
    [{ to: { topic: 'restock-1234' } }, ['to']],
    [{ to: { psid: '1', tokenId: 'a'.repeat(32), topic: 't' } }, ['to']],
    [{ to: { psid: 'x', topic: 'T' } }, ['to.psid', 'to.topic']],
    [{ payload: 'mine', text: 'Hi' }, ['payload', 'text']],
    [{ pageId: 'p', idempotencyKey: '' }, ['pageId', 'idempotencyKey']],
  ])('with %j is refused, every fault at once [S0-11]', (change, fields) => {
    expect(fieldsOf(change)).toEqual(fields)
  })
})
