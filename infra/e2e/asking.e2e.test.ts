import { randomUUID } from 'node:crypto'
import { HOUR_MS } from '@otn/kernel'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { auditOf } from './src/audit.ts'
import { otn } from './src/otn.ts'
import { call, identityOf, notifierOf, truth, untilTokenState } from './src/system.ts'

const stack = inject('stack')
const home = inject('stackHome')
const pageId = stack.pages[0]?.pageId ?? ''
const identity = identityOf(stack)
const TOPIC = 'restock-1234'
const DELIVERED_MS = 30_000

async function simulate(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await call(`${stack.simulatorUrl}${path}`, { method: 'POST', body })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

/** A person who has just written to the page, so that their window is open. */
async function someoneWhoWrote(): Promise<string> {
  const { people } = await simulate('/_sim/people', { pageId, count: 1 })
  const psid = (people as readonly { readonly psid: string }[])[0]?.psid ?? ''
  await writes(psid)
  return psid
}

const writes = (psid: string) =>
  simulate('/_sim/act', {
    ...{ pageId, psid, act: { kind: 'message', text: 'Is it back?' } },
    waitMs: DELIVERED_MS,
  })

/** Taps Notify Me on the very message; the webhook was answered 200 when it returns. */
async function taps(psid: string, requestMid: string): Promise<string> {
  const { token } = await simulate('/_sim/tap', { pageId, psid, requestMid, waitMs: DELIVERED_MS })
  return identity.token(pageId, String(token))
}

const question = (psid: string, more: object = {}) => ({
  ...{ pageId, to: { psid, topic: TOPIC }, title: 'Tell you when it is back?' },
  ...more,
})

describe('asking a person', () => {
  let notifier: Awaited<ReturnType<typeof notifierOf>>
  beforeAll(async () => {
    notifier = await notifierOf(stack)
    return () => notifier.close()
  })
  const ended = async (asked: Awaited<ReturnType<typeof notifier.requestOptIn>>) =>
    notifier.outcome(asked, { waitMs: 60_000 })

  test('question, tap, token, and a message 25 hours later [S0-01, S0-08, S0-14, S0-15, S1-24]', async () => {
    const psid = await someoneWhoWrote()
    const asked = await ended(await notifier.requestOptIn(question(psid, { context: 'shop-7' })))
    if (asked.state !== 'sent') throw new Error(JSON.stringify(asked))
    const token = await taps(psid, asked.messageId ?? '')
    await untilTokenState(stack, token, 'live')
    const { body } = await call(`${stack.ledgerUrl}/v1/tokens/${token}`, { key: stack.apiKey })
    expect(body).toMatchObject({ topic: TOPIC, payload: `otn1:${TOPIC}:shop-7` })
    await simulate('/clock', { advanceMs: 25 * HOUR_MS })
    const late = await ended(
      await notifier.requestOptIn(question(psid, { to: { psid, topic: 'other' } })),
    )
    expect(late).toMatchObject({ state: 'failed', reason: 'window-closed' })
    const to = { psid, topic: TOPIC }
    const told = await notifier.notify({ pageId, to, text: 'It is back.' })
    expect(await notifier.outcome(told, { waitMs: 60_000 })).toMatchObject({ state: 'sent' })
    await untilTokenState(stack, token, 'redeemed')
  })

  test('nobody is asked twice: not while the question stands, not once they agreed [S1-20]', async () => {
    const psid = await someoneWhoWrote()
    const many = Array.from({ length: 10 }, () => notifier.requestOptIn(question(psid)))
    const outcomes = await Promise.all((await Promise.all(many)).map(ended))
    const sent = outcomes.flatMap((outcome) => (outcome.state === 'sent' ? [outcome] : []))
    const reasons = outcomes.flatMap((outcome) => ('reason' in outcome ? [outcome.reason] : []))
    expect([sent.length, new Set(reasons)]).toEqual([1, new Set(['request-open'])])
    const token = await taps(psid, sent[0]?.messageId ?? '')
    await untilTokenState(stack, token, 'live')
    expect(await ended(await notifier.requestOptIn(question(psid)))).toMatchObject({
      reason: 'token-live',
    })
    // A token may pay for another question, and is spent by it [S1-27].
    const other = { to: { tokenId: token, topic: 'other' }, title: 'Tell you of another?' }
    const byToken = question(psid, other)
    expect(await ended(await notifier.requestOptIn(byToken))).toMatchObject({ state: 'sent' })
    await untilTokenState(stack, token, 'redeemed')
  })

  test('what may not be asked is refused before any call [S0-12, S0-27, S1-19]', async () => {
    const before = (await truth(stack)).callCount
    const { people } = await simulate('/_sim/people', { pageId, count: 1 })
    const silent = (people as readonly { readonly psid: string }[])[0]?.psid ?? ''
    const refused = [
      [question(silent), 'window-closed'],
      [question(silent, { context: '4111111111111111' }), 'personal-data'],
      [question(silent, { title: '糖尿病のお知らせ' }), 'sensitive-words'],
    ] as const
    for (const [asked, reason] of refused) {
      expect(await ended(await notifier.requestOptIn(asked))).toMatchObject({ reason })
    }
    expect((await truth(stack)).callCount).toBe(before)
  })

  test('also from the command line, which explains it afterwards', async () => {
    const psid = await someoneWhoWrote()
    const id = `asked-${randomUUID()}`
    const who = ['--page', pageId, '--psid', psid, '--topic', TOPIC, '--command-id', id]
    const what = ['--title', 'Tell you when it is back?', '--wait', '60000', '--json']
    const asked = await otn(home, ['request', ...who, ...what])
    expect([asked.code, JSON.parse(asked.out).outcome.state]).toEqual([0, 'sent'])
    const { out } = await otn(home, ['explain', id, '--page', pageId])
    expect(out).toContain('OptInRequestSent')
    expect(out).not.toContain(psid)
  })

  test('and the auditor, who reads the log alone, finds no broken promise [D-05]', async () => {
    expect((await auditOf(stack)).findings).toEqual([])
  })
})
