import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { commandDigestText } from './command-digest.ts'
import type { Notify } from './generated/records.ts'

function notify(values: Partial<Notify> = {}): Notify {
  const ids = {
    commandId: commandId('c-1'),
    pageId: pageId('1000'),
    psid: pageScopedUserId('2000'),
  }
  return { ...ids, topic: 'restock-1234', text: 'It is back.', ...values }
}

describe('what a command digest is made of', () => {
  test('leaves out when it was asked, and what was not said', () => {
    const said = commandDigestText(notify())
    expect(commandDigestText(notify({ requestedAt: 1, tag: null, giveUpAt: null }))).toBe(said)
    expect(said).toBe(
      '{"commandId":"c-1","pageId":"1000","psid":"2000","text":"It is back.",' +
        '"topic":"restock-1234"}',
    )
  })

  test('tells any other difference', () => {
    const said = commandDigestText(notify())
    for (const values of [{ text: 'It is back!' }, { notBefore: 1 }, { requestedBy: 'x' }]) {
      expect(commandDigestText(notify(values))).not.toBe(said)
    }
  })
})
