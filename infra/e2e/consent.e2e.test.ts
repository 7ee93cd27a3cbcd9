import { randomInt } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import { call, identityOf, readLog, truth, untilTokenState } from './src/system.ts'
import { envelope, escaped, optInItem, post, postOptIn, sign } from './src/webhook.ts'

const stack = inject('stack')
const pages = stack.pages.map(({ pageId }) => pageId)
const [page = ''] = pages
const digits = (length = 14) => Array.from({ length }, () => randomInt(1, 10)).join('')
const identity = identityOf(stack)
/** What a webhook may leave behind; of tokens the ledger tells in its own time. */
const eventTopics = ['optIn', 'engagement', 'receipt', 'page', 'notification'] as const

describe('consent', () => {
  test('[S0-26] the sample of the guide goes through, and its token of 2016 has expired', async () => {
    const [psid, token] = [digits(), digits()]
    const timestamp = 1_458_692_752_478
    const optin = {
      type: 'one_time_notif_req',
      payload: 'restock-1234',
      one_time_notif_token: token,
    }
    const item = { sender: { id: psid }, recipient: { id: page }, timestamp, optin }
    expect((await post(stack, envelope([{ pageId: page, items: [item] }]))).status).toBe(200)
    await untilTokenState(stack, identity.token(page, token), 'expired')
  })

  test('[S0-21] [S0-22] a payload in any script is kept byte for byte', async () => {
    const payload = '{"在庫":"青い上着","emoji":"🧥😀","ä":"</a>@100%"}'
    const optIn = { pageId: page, psid: digits(), token: digits(), payload }
    expect((await postOptIn(stack, optIn)).status).toBe(200)
    const id = identity.token(page, optIn.token)
    await untilTokenState(stack, id, 'live')
    const { body } = await call(`${stack.ledgerUrl}/v1/tokens/${id}`, { key: stack.apiKey })
    expect(body.payload).toBe(payload)
  })

  test('[S1-44] [D-03] what was changed, cut, signed by others or unsigned leaves nothing behind', async () => {
    const before = (await readLog(stack, eventTopics)).length
    const token = digits()
    const optIn = { pageId: page, psid: digits(), token, payload: 'ä😀/x' }
    const body = envelope([{ pageId: page, items: [optInItem(optIn)] }])
    const signature = sign(stack.appSecret, body)
    const reserialised = JSON.stringify(JSON.parse(body))
    const refused = [
      await post(stack, reserialised, signature),
      await post(stack, body.slice(0, -1), signature),
      await post(stack, `${body} `, signature),
      await post(stack, body, sign('another-secret', body)),
      await post(stack, body, signature.slice(0, -2)),
      await post(stack, body, null),
    ]
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401])
    expect(await readLog(stack, eventTopics)).toHaveLength(before)
  })

  test('[S0-03] the same webhook a hundred times is one live token', async () => {
    const optIn = {
      pageId: page,
      psid: digits(),
      token: digits(),
      payload: 'otn1:restock-1:',
      timestampMs: Date.now(),
    }
    const answers = await Promise.all(Array.from({ length: 100 }, () => postOptIn(stack, optIn)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const id = identity.token(page, optIn.token)
    await untilTokenState(stack, id, 'live')
    const url = `${stack.ledgerUrl}/v1/pages/${page}/persons/${optIn.psid}/tokens`
    const { body } = await call(url, { key: stack.apiKey })
    expect(body).toMatchObject({ items: [{ tokenId: id, state: 'live' }] })
  })

  test('[S1-04] three pages with four items each, one broken, one of an unknown kind', async () => {
    const count = async () => (await readLog(stack, ['optIn', 'engagement', 'quarantine'])).length
    const before = await count()
    const optIns = (pageId: string, n: number) =>
      Array.from({ length: n }, () =>
        optInItem({ pageId, psid: digits(), token: digits(), payload: 'otn1:restock-1:' }),
      )
    const [one = '', two = '', three = ''] = pages
    const broken = {
      sender: { id: digits() },
      recipient: { id: one },
      timestamp: Date.now(),
      optin: { type: 'one_time_notif_req', payload: 'x' },
    }
    const unknown = {
      sender: { id: digits() },
      recipient: { id: two },
      timestamp: Date.now(),
      hovering: {},
    }
    const body = escaped({
      object: 'page',
      entry: [
        { id: one, time: 1, messaging: [...optIns(one, 3), broken] },
        { id: two, time: 1, messaging: [...optIns(two, 3), unknown] },
        { id: three, time: 1, messaging: optIns(three, 4) },
      ],
    })
    expect((await post(stack, body)).status).toBe(200)
    expect((await count()) - before).toBe(11)
    const { text } = await call(`${stack.ingressUrl}/metrics`)
    expect(text).toMatch(/kind="other"[^\n]* [1-9]/)
  })

  test('[S0-14] a tap at the page’s request becomes a live token', async () => {
    const payload = 'otn1:restock-77:tap'
    const { body: asked } = await call(`${stack.simulatorUrl}/_sim/ask`, {
      method: 'POST',
      body: { pageId: page, payload },
    })
    const { psid, requestMid } = asked
    const { body: tapped } = await call(`${stack.simulatorUrl}/_sim/tap`, {
      method: 'POST',
      body: { pageId: page, psid, requestMid, waitMs: 20_000 },
    })
    const token = String(tapped.token)
    await untilTokenState(stack, identity.token(page, token), 'live')
    expect((await truth(stack, token)).tokens).toMatchObject([{ token, state: 'ISSUED' }])
  })
})
