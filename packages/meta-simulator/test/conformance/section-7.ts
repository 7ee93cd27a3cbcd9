/** Section 7 of the reference: the 24 h window. */
import { DAY_MS } from '@otn/kernel'
import { expect } from 'vitest'
import { request, toPerson, withToken } from './bodies.ts'
import type { Meta } from './meta.ts'
import { leftOut, type Row, shown } from './row.ts'

type Act = Parameters<Meta['simulator']['act']>[0]['act']

const OPENING: Readonly<Record<string, Act>> = {
  'a message': { kind: 'message', text: 'Hi' },
  'a quick reply': { kind: 'message', text: 'Yes', quickReplyPayload: 'y' },
  'a postback': { kind: 'postback', title: 'Get started', payload: 'start' },
  'a reaction': { kind: 'reaction', mid: 'm_1' },
}

const opening: readonly Row[] = Object.entries(OPENING).map(([what, act]) =>
  shown(
    [`7.1-${what.replaceAll(' ', '-')}`, 'D', `${what} opens the window`],
    async ({ simulator, pageId, psid, send }) => {
      expect((await send(toPerson(psid))).code).toBe('10/2018278')
      await simulator.act({ pageId, psid, act })
      expect((await send(toPerson(psid))).code).toBe('ok')
    },
  ),
)

export const section7: readonly Row[] = [
  ...opening,
  shown(
    ['7.1-length', 'D', 'the window lasts 24 h and each act restarts it [S1-38]'],
    async ({ psid, send, write, pass }) => {
      await write()
      await pass(DAY_MS - 1)
      await write()
      await pass(DAY_MS - 1)
      expect((await send(toPerson(psid))).code).toBe('ok')
      await pass(1)
      expect((await send(toPerson(psid))).code).toBe('10/2018278')
    },
  ),
  shown(
    ['7.1-sends', 'D', 'no send of the page opens it, a request or a follow-up included [S1-21]'],
    async ({ psid, send, write, pass, token }) => {
      await write()
      await pass(DAY_MS - 1)
      expect((await send(toPerson(psid, request()))).code).toBe('ok')
      expect((await send(withToken(await token()))).code).toBe('ok')
      await pass(1)
      expect((await send(toPerson(psid))).code).toBe('10/2018278')
    },
  ),
  shown(
    ['7.1-receipts', 'D', 'reading and receiving open nothing'],
    async ({ simulator, pageId, psid, send }) => {
      await simulator.act({ pageId, psid, act: { kind: 'read' } })
      await simulator.act({ pageId, psid, act: { kind: 'delivery' } })
      expect((await send(toPerson(psid))).code).toBe('10/2018278')
    },
  ),
  leftOut(
    ['7.1-ads', 'D', 'ads, plugins, links and comments open it too'],
    'acts of the people side; the ones it knows are told with section 5',
  ),
  leftOut(['7.2-policy', 'D', 'what a notification may say'], 'policy: Meta reads, no code'),
  leftOut(['7.3-alternatives', 'D', 'what is left without a token'], 'other products'),
]
