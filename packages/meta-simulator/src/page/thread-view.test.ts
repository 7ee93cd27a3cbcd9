import { describe, expect, test } from 'vitest'

import type { Fact } from '../domain/facts.ts'
import { bubblesOf } from './thread-view.ts'

const ada = { pageId: '1000', psid: '2000' }

function delivered(mid: string, message: Record<string, unknown>, psid = ada.psid): Fact {
  const route = 'token'
  return {
    type: 'MessageDelivered',
    delivered: { ...ada, psid, mid, route, token: 't', message, atMs: 10 },
  }
}

type Act = Extract<Fact, { readonly type: 'PersonActed' }>['act']

function acted(act: Act): Fact {
  return { type: 'PersonActed', ...ada, act, opensWindow: false, atMs: 20 }
}

const payload = { template_type: 'one_time_notif_req', title: 'Tell you?', payload: 'p' }
const card = delivered('m_1', { attachment: { type: 'template', payload } })
const issued = { ...ada, token: 't', payload: 'p', grantedAtMs: 15 }
const tapped: Fact = { type: 'TokenIssued', issued, requestMid: 'm_1', opensWindow: false }

describe('the phone', () => {
  test('greys the card that was tapped and no other', () => {
    const other = delivered('m_2', { attachment: { type: 'template', payload } })
    const bubbles = bubblesOf([card, other, tapped], ada)
    expect(bubbles.map(({ kind, tapped: isTapped }) => [kind, isTapped])).toEqual([
      ['card', true],
      ['card', false],
      ['notice', false],
    ])
  })

  test('shows a message with its reaction, and marks what was read', () => {
    const react = { kind: 'reaction', mid: 'm_3', reaction: 'love', emoji: '❤' } as const
    const facts = [
      delivered('m_3', { text: 'It is back.' }),
      acted({ ...react, action: 'react' }),
      acted({ kind: 'read', watermarkMs: 10 }),
    ]
    const read = { kind: 'from-page', text: 'It is back.', isRead: true, byToken: true }
    expect(bubblesOf(facts, ada)).toMatchObject([{ ...read, reaction: '❤' }])
    const undone = [...facts, acted({ ...react, action: 'unreact' })]
    expect(bubblesOf(undone, ada)).toMatchObject([{ ...read, reaction: null }])
  })

  test('shows nothing of other people', () => {
    expect(bubblesOf([delivered('m_4', { text: 'Hello' }, '2001')], ada)).toEqual([])
  })
})
