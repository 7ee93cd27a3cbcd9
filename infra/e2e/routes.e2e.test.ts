import { randomUUID } from 'node:crypto'
import { DAY_MS } from '@otn/kernel'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { auditOf } from './src/audit.ts'
import { otn } from './src/otn.ts'
import { call, identityOf, notifierOf, untilTokenState } from './src/system.ts'

const stack = inject('stack')
const home = inject('stackHome')
const pageId = stack.pages[1]?.pageId ?? ''
const identity = identityOf(stack)
const TOPIC = 'restock-1234'
const DELIVERED_MS = 30_000
const IMAGE = 'https://shop.example/7.png'

type Json = Readonly<Record<string, unknown>>

interface Received {
  readonly mid: string
  readonly route: string
  readonly token: string | null
  readonly message: Json
}

async function simulate(path: string, body: object): Promise<Json> {
  const answer = await call(`${stack.simulatorUrl}${path}`, { method: 'POST', body })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

async function somebody(): Promise<string> {
  const { people } = await simulate('/_sim/people', { pageId, count: 1 })
  return (people as readonly { readonly psid: string }[])[0]?.psid ?? ''
}

const acts = (psid: string, act: object) =>
  simulate('/_sim/act', { pageId, psid, act, waitMs: DELIVERED_MS })

const writes = (psid: string) => acts(psid, { kind: 'message', text: 'Is it back?' })

/** The platform judges the page. */
const judges = (action: 'block' | 'unblock') =>
  simulate('/_sim/event', {
    ...{ pageId, event: { kind: 'policy-enforcement', action } },
    waitMs: DELIVERED_MS,
  })

/** The person agrees: id of the token, once the ledger knows it. */
async function agrees(psid: string): Promise<string> {
  const tap = { pageId, psid, payload: `otn1:${TOPIC}:`, waitMs: DELIVERED_MS }
  const { token } = await simulate('/_sim/tap', tap)
  const id = identity.token(pageId, String(token))
  await untilTokenState(stack, id, 'live')
  return id
}

/** What reached the person's phone, beside our metadata. */
async function phoneOf(psid: string): Promise<readonly Received[]> {
  const { body } = await call(`${stack.simulatorUrl}/_sim/truth?psid=${psid}`)
  return (body.deliveries as readonly Received[]).map(({ mid, route, token, message }) => {
    const { metadata: _, ...rest } = message
    return { mid, route, token, message: rest }
  })
}

const button = { type: 'web_url', title: '見る', url: IMAGE }
const template = (payload: object) => ({ attachment: { type: 'template', payload } })
const file = (type: string) => ({ attachment: { type, payload: { url: IMAGE } } })

/** One message of each kind, as its JSON. */
const messages = [
  { text: 'It is back. \u518d\u5165\u8377 🔔' },
  ...['image', 'audio', 'video', 'file'].map(file),
  template({
    template_type: 'generic',
    elements: [{ title: 'Jacket', subtitle: 'Blue', image_url: IMAGE, buttons: [button] }],
  }),
  template({ template_type: 'button', text: 'It is back.', buttons: [button] }),
  template({ template_type: 'media', elements: [{ media_type: 'image', url: IMAGE }] }),
  template({
    ...{ template_type: 'receipt', recipient_name: 'Ada', order_number: '7', currency: 'JPY' },
    ...{ payment_method: 'Card', summary: { total_cost: 1200.5 } },
  }),
  { quick_replies: [{ content_type: 'text', title: 'Stop', payload: 'STOP' }], text: 'More?' },
].map((message) => JSON.stringify(message))

describe('routes', () => {
  let notifier: Awaited<ReturnType<typeof notifierOf>>
  beforeAll(async () => {
    notifier = await notifierOf(stack)
    return () => notifier.close()
  })
  const outcomeOf = async (input: Json) => {
    const published = await notifier.notify({ pageId, text: 'It is back.', ...input } as never)
    return notifier.outcome(published, { waitMs: 60_000 })
  }

  test('AUTO spends no token in the window, and the token after it [S0-01, S1-14, S1-24]', async () => {
    const psid = await somebody()
    const token = await agrees(psid)
    await writes(psid)
    const to = { psid, topic: TOPIC }
    expect(await outcomeOf({ route: 'AUTO', to })).toMatchObject({ state: 'sent' })
    expect(await phoneOf(psid)).toMatchObject([{ route: 'window', token: null }])
    await untilTokenState(stack, token, 'live')
    await simulate('/clock', { advanceMs: DAY_MS })
    expect(await outcomeOf({ route: 'AUTO', to })).toMatchObject({ state: 'sent' })
    expect((await phoneOf(psid)).map(({ route }) => route)).toEqual(['window', 'token'])
    await untilTokenState(stack, token, 'redeemed')
    const spent = { state: 'failed', reason: 'token-spent' }
    expect(await outcomeOf({ route: 'AUTO', to })).toMatchObject(spent)
    // Reading the message opens nothing, a reaction to it does.
    await acts(psid, { kind: 'read' })
    expect(await outcomeOf({ route: 'WINDOW', to })).toMatchObject({ reason: 'window-closed' })
    const [, { mid = '' } = {}] = await phoneOf(psid)
    await acts(psid, { kind: 'reaction', mid })
    expect(await outcomeOf({ route: 'AUTO', to })).toMatchObject({ state: 'sent' })
    expect((await phoneOf(psid)).map(({ route }) => route)).toEqual(['window', 'token', 'window'])
  })

  test('a person is named by the account they linked, on that page, until they unlink it [S1-12]', async () => {
    const psid = await somebody()
    const externalUserId = `customer-${randomUUID()}`
    await acts(psid, { kind: 'link-account', authorizationCode: externalUserId })
    await agrees(psid)
    const to = { externalUserId, topic: TOPIC }
    expect(await outcomeOf({ to })).toMatchObject({ state: 'sent' })
    await writes(psid)
    expect(await outcomeOf({ route: 'WINDOW', to })).toMatchObject({ state: 'sent' })
    const unknown = { state: 'failed', reason: 'external-user-unknown' }
    const elsewhere = stack.pages[0]?.pageId ?? ''
    expect(await outcomeOf({ to, pageId: elsewhere })).toMatchObject(unknown)
    const shown = await otn(home, ['person', 'show', '--page', pageId, psid, '--json'])
    expect(JSON.parse(shown.out)).toMatchObject({
      ...{ account: { externalUserId }, attribution: 'unknown' },
    })
    await acts(psid, { kind: 'unlink-account' })
    expect(await outcomeOf({ route: 'WINDOW', to })).toMatchObject(unknown)
    expect((await phoneOf(psid)).map(({ route }) => route)).toEqual(['token', 'window'])
  })

  test('a blocked page sends nothing by TAG until it is unblocked [S1-39]', async () => {
    const psid = await somebody()
    await writes(psid)
    const byTag = () => outcomeOf({ route: 'TAG', tag: 'HUMAN_AGENT', to: { psid } })
    await judges('block')
    expect(await byTag()).toMatchObject({ state: 'failed', reason: 'page-blocked' })
    await judges('unblock')
    expect(await byTag()).toMatchObject({ state: 'sent' })
    expect(await phoneOf(psid)).toHaveLength(1)
  })

  test('WINDOW and TAG go out as far as each reaches, and are refused before a call beyond [S1-37, S1-38, S1-39]', async () => {
    const psid = await somebody()
    const to = { psid }
    const byWindow = () => outcomeOf({ route: 'WINDOW', to })
    const byTag = () => outcomeOf({ route: 'TAG', tag: 'HUMAN_AGENT', to })
    expect(await byWindow()).toMatchObject({ state: 'failed', reason: 'window-closed' })
    expect(await byTag()).toMatchObject({ state: 'failed', reason: 'tag-window-closed' })
    await writes(psid)
    expect([await byWindow(), await byTag()]).toMatchObject([{ state: 'sent' }, { state: 'sent' }])
    await simulate('/clock', { advanceMs: DAY_MS })
    expect(await byWindow()).toMatchObject({ state: 'failed', reason: 'window-closed' })
    expect(await byTag()).toMatchObject({ state: 'sent' })
    await simulate('/clock', { advanceMs: 6 * DAY_MS })
    expect(await byTag()).toMatchObject({ state: 'failed', reason: 'tag-window-closed' })
    expect((await phoneOf(psid)).map(({ route }) => route)).toEqual(['window', 'window', 'tag'])
    const retired = await outcomeOf({ route: 'TAG', tag: 'ACCOUNT_UPDATE', to })
    expect(retired).toMatchObject({ state: 'failed', reason: 'tag-not-allowed' })
  })

  test('every kind of message reaches the phone byte by byte, by window and by token [S0-18, S0-19]', async () => {
    const psid = await somebody()
    await writes(psid)
    const since = Date.now()
    const post = async (message: string, route: string) => {
      const body = { pageId, psid, topic: TOPIC, message, route }
      const key = `kind-${randomUUID()}`
      const answer = await fetch(`${stack.dispatcherUrl}/v1/notifications`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${stack.apiKey}`,
          ...{ 'content-type': 'application/json', 'idempotency-key': key },
        },
        body: JSON.stringify(body),
      })
      expect([answer.status, message]).toEqual([202, message])
      const outcome = await notifier.outcome(key, { pageId, since, waitMs: 60_000 })
      expect([outcome.state, message]).toEqual(['sent', message])
    }
    for (const message of messages) {
      await post(message, 'WINDOW')
      await agrees(psid)
      await post(message, 'TOKEN')
    }
    const received = (await phoneOf(psid)).map(({ route, message }) => [
      ...[route, JSON.stringify(message)],
    ])
    expect(received).toEqual(
      messages.flatMap((one) => [
        ['window', one],
        ['token', one],
      ]),
    )
  })

  test('the command line previews a route and takes it [U19]', async () => {
    const psid = await somebody()
    await writes(psid)
    const who = ['notify', '--page', pageId, '--psid', psid, '--text', 'Hi', '--topic', TOPIC]
    const dry = await otn(home, [...who, '--route', 'AUTO', '--dry-run'])
    expect(dry.out).toContain('would go out  by WINDOW, no token is spent')
    const token = await otn(home, [...who, '--dry-run'])
    expect(token.out).toContain('notify-consent: no token can be spent')
    const id = `route-${randomUUID()}`
    const sent = await otn(home, [
      ...[...who, '--route', 'TAG', '--tag', 'HUMAN_AGENT', '--command-id', id],
      ...['--wait', '60000', '--json'],
    ])
    expect([sent.code, JSON.parse(sent.out).outcome.state]).toEqual([0, 'sent'])
    const { out } = await otn(home, ['explain', id, '--page', pageId])
    expect(out).toContain('route=TAG')
  })

  test('and the auditor, who reads the log alone, finds no broken promise [D-05]', async () => {
    expect((await auditOf(stack)).findings).toEqual([])
  })
})
