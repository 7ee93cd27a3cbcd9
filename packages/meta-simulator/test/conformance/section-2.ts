/** Section 2 of the reference: the Send API. */
import { createHmac } from 'node:crypto'
import { DAY_MS } from '@otn/kernel'
import { expect } from 'vitest'
import { request, template, text, toPerson, withToken } from './bodies.ts'
import { judged } from './judged.ts'
import type { Call, Meta } from './meta.ts'
import { leftOut, type Row, shown } from './row.ts'

const PATH = '/v21.0/me/messages'
const FEEDBACK = template({ template_type: 'customer_feedback', feedback_screens: [{}] })

/** A send with a fresh token, done in another way than usual. */
async function sendBy(meta: Meta, call: Call, path = PATH) {
  return meta.call(path, { method: 'POST', json: withToken(await meta.token()), ...call })
}

const accessTokenOf = ({ simulator }: Meta) => simulator.pages[0]?.accessToken ?? ''
const proofOf = (meta: Meta) =>
  createHmac('sha256', meta.simulator.appSecret).update(accessTokenOf(meta)).digest('hex')

const endpoint: readonly Row[] = [
  shown(
    ['2.1-url', 'D', 'me and the page id, with a version or without, take a message [S0-17]'],
    async (meta) => {
      const { pageId } = meta
      const paths = [PATH, `/v21.0/${pageId}/messages`, '/me/messages', `/${pageId}/messages`]
      for (const path of paths) expect((await sendBy(meta, {}, path)).code).toBe('ok')
    },
  ),
  shown(
    ['2.1-form', 'D', 'form and query take recipient and message as JSON, even single-quoted'],
    async (meta) => {
      const recipient = `{'one_time_notif_token':'${await meta.token()}'}`
      const form = { recipient, message: JSON.stringify(text) }
      expect((await meta.call(PATH, { method: 'POST', form })).code).toBe('ok')
      const query = { ...form, recipient: JSON.stringify(withToken(await meta.token()).recipient) }
      expect((await meta.call(PATH, { method: 'POST', query })).code).toBe('ok')
    },
  ),
  shown(
    ['2.1-token-places', 'D/O', 'the access token stands in query, body, form or header'],
    async (meta) => {
      const access_token = accessTokenOf(meta)
      const body = { ...withToken(await meta.token()), access_token }
      const form = {
        access_token,
        recipient: JSON.stringify(withToken(await meta.token()).recipient),
        message: JSON.stringify(text),
      }
      const ways: readonly Call[] = [
        { token: null, query: { access_token } },
        { token: null, json: body },
        { token: null, form, json: undefined },
        { token: access_token },
      ]
      for (const way of ways) expect((await sendBy(meta, way)).code).toBe('ok')
      expect((await sendBy(meta, { token: null })).code).toBe('2500')
    },
  ),
  shown(
    ['2.1-proof', 'D/O', 'a proof is lower-case hex HMAC-SHA256, in query or body'],
    async (meta) => {
      const appsecret_proof = proofOf(meta)
      expect((await sendBy(meta, { query: { appsecret_proof } })).code).toBe('ok')
      const json = { ...withToken(await meta.token()), appsecret_proof }
      expect((await sendBy(meta, { json })).code).toBe('ok')
      const upper = { appsecret_proof: appsecret_proof.toUpperCase() }
      expect((await sendBy(meta, { query: upper })).code).toBe('100')
    },
  ),
  shown(
    ['2.1-proof-wrong', 'O', 'a wrong proof is refused even if none is demanded'],
    async (meta) => {
      const { code, text: said } = await sendBy(meta, { query: { appsecret_proof: 'x' } })
      expect(code).toBe('100')
      expect(said).toContain('Invalid appsecret_proof provided in the API argument')
    },
  ),
  shown(
    ['2.1-proof-missing', 'O', 'an app may demand the proof'],
    async (meta) => {
      const { code, text: said } = await sendBy(meta, {})
      expect(code).toBe('100')
      expect(said).toContain('API calls from the server require an appsecret_proof argument')
      expect((await sendBy(meta, { query: { appsecret_proof: proofOf(meta) } })).code).toBe('ok')
    },
    { switches: { appSecretProofRequired: true } },
  ),
  shown(['2.1-type', 'O', 'answers are application/json; charset=UTF-8'], async (meta) => {
    const { headers } = await sendBy(meta, {})
    expect(headers.get('content-type')).toBe('application/json; charset=UTF-8')
  }),
  shown(
    ['2.1-type-javascript', 'O', 'answers are seen as text/javascript; charset=UTF-8 too'],
    async (meta) => {
      const { headers } = await sendBy(meta, {})
      expect(headers.get('content-type')).toBe('text/javascript; charset=UTF-8')
    },
    { switches: { answerType: 'text/javascript' } },
  ),
]

const members: readonly Row[] = [
  judged(
    ['2.2-message-or-action', 'D/O', 'message and sender_action exclude each other'],
    [
      ['100/2018014', { message: text, sender_action: 'typing_on' }],
      ['100/2018015', {}],
    ],
  ),
  judged(
    ['2.2-messaging-type', 'D', 'messaging_type is one of four'],
    [
      ['ok', { message: text, messaging_type: 'RESPONSE' }],
      ['ok', { message: text, messaging_type: 'UPDATE' }],
      ['ok', { message: text, messaging_type: 'UTILITY' }],
      ['100', { message: text, messaging_type: 'PROMOTION' }],
      ['100', { message: text, messaging_type: 'MESSAGE_TAG' }],
    ],
  ),
  judged(
    ['2.2-tag', 'D', 'a tag needs MESSAGE_TAG'],
    [
      ['ok', { message: text, messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }],
      ['100', { message: text, messaging_type: 'UPDATE', tag: 'HUMAN_AGENT' }],
    ],
  ),
  judged(
    ['2.2-notification-type', 'D', 'notification_type is one of three'],
    [
      ['ok', { message: text, notification_type: 'REGULAR' }],
      ['ok', { message: text, notification_type: 'SILENT_PUSH' }],
      ['ok', { message: text, notification_type: 'NO_PUSH' }],
      ['100', { message: text, notification_type: 'LOUD' }],
    ],
  ),
  judged(
    ['2.2-action', 'D', 'an action is one of five and comes with recipient alone'],
    [
      ['ok', { sender_action: 'typing_on' }],
      ['ok', { sender_action: 'typing_off' }],
      ['ok', { sender_action: 'mark_seen' }],
      ['ok', { sender_action: 'react', payload: { message_id: 'm_1', reaction: 'love' } }],
      ['ok', { sender_action: 'unreact', payload: { message_id: 'm_1' } }],
      ['100', { sender_action: 'dance' }],
      ['100', { sender_action: 'typing_on', messaging_type: 'UPDATE' }],
    ],
  ),
  judged(
    ['2.2-more', 'D', 'persona_id, reply_to and thread_control may be given'],
    [
      ['ok', { message: text, persona_id: '7', reply_to: { mid: 'm_1' }, thread_control: {} }],
      ['100', { message: text, reply_to: 'm_1' }],
    ],
  ),
]

const recipients: readonly Row[] = [
  shown(['2.3-id', 'D', 'a page-scoped id is valid with its page’s token only'], async (meta) => {
    await meta.write()
    const json = toPerson(meta.psid)
    expect((await meta.send(json)).code).toBe('ok')
    const token = meta.simulator.pages[1]?.accessToken ?? ''
    expect((await meta.call(PATH, { method: 'POST', json, token })).code).toBe('100/2018001')
  }),
  ...(['user_ref', 'phone_number'] as const).map((form) =>
    shown(
      [`2.3-${form}`, 'D', `a send to ${form} is answered without recipient_id`],
      async ({ control, pageId, psid, send }) => {
        await control('POST', '/_sim/addresses', { pageId, psid, form, value: 'a' })
        const { body } = await send({ recipient: { [form]: 'a' }, message: text })
        expect(Object.keys(body)).toEqual(['message_id'])
      },
    ),
  ),
  ...(['comment_id', 'post_id'] as const).map((form) =>
    shown(
      [`2.3-${form}`, 'D', `a private reply to ${form} is one message within 7 days`],
      async ({ control, pageId, psid, send, pass }) => {
        for (const value of ['a', 'b']) {
          await control('POST', '/_sim/addresses', { pageId, psid, form, value })
        }
        const to = (value: string) => send({ recipient: { [form]: value }, message: text })
        expect((await to('a')).code).toBe('ok')
        expect((await to('a')).code).toBe('10900')
        await pass(7 * DAY_MS)
        expect((await to('b')).code).toBe('10903')
      },
    ),
  ),
  shown(
    ['2.3-one-form', 'D', 'a recipient is exactly one address'],
    async ({ send, psid, token, write }) => {
      await write()
      const both = { id: psid, one_time_notif_token: await token() }
      expect((await send({ recipient: both, message: text })).code).toBe('100')
      expect((await send({ recipient: {}, message: text })).code).toBe('100')
      expect((await send({ message: text })).code).toBe('100')
    },
  ),
  leftOut(
    ['2.3-schema', 'D', 'the Graph schema names follow_id, story_id, player_id and others'],
    'no page says what they reach; a send to one gets 100/2018001',
  ),
]

const tagged = (tag: string, message: object = text) => ({
  message,
  messaging_type: 'MESSAGE_TAG',
  tag,
})
const AFTER_REMOVAL = { clock: { startAtMs: Date.UTC(2026, 3, 27), running: false } }
const REMOVED = ['ACCOUNT_UPDATE', 'CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE']

const tags: readonly Row[] = [
  shown(
    ['2.5-human-agent', 'D', 'HUMAN_AGENT reaches 7 days'],
    async ({ psid, send, write, pass }) => {
      await write()
      await pass(7 * DAY_MS - 1)
      const body = { recipient: { id: psid }, ...tagged('HUMAN_AGENT') }
      expect((await send(body)).code).toBe('ok')
      await pass(1)
      expect((await send(body)).code).toBe('10/2018278')
    },
  ),
  shown(
    ['2.5-feedback', 'D', 'CUSTOMER_FEEDBACK reaches 7 days with its template only'],
    async ({ psid, send, write, pass }) => {
      await write()
      await pass(6 * DAY_MS)
      const to = (message: object) =>
        send({ recipient: { id: psid }, ...tagged('CUSTOMER_FEEDBACK', message) })
      expect((await to(FEEDBACK)).code).toBe('ok')
      expect((await to(text)).code).toBe('10/2018278')
    },
  ),
  shown(
    ['2.5-removed', 'D', 'three tags are rejected with 100 from 2026-04-27 on'],
    async ({ psid, send }) => {
      for (const tag of REMOVED) {
        expect((await send({ recipient: { id: psid }, ...tagged(tag) })).code).toBe('100')
      }
    },
    AFTER_REMOVAL,
  ),
  shown(
    ['2.5-before-removal', 'D', 'before that day they reach people outside the window'],
    async ({ psid, send }) => {
      for (const tag of REMOVED) {
        expect((await send({ recipient: { id: psid }, ...tagged(tag) })).code).toBe('ok')
      }
    },
  ),
  shown(
    ['2.5-news', 'D', 'NON_PROMOTIONAL_SUBSCRIPTION is for registered news pages'],
    async ({ psid, send }) => {
      const body = { recipient: { id: psid }, ...tagged('NON_PROMOTIONAL_SUBSCRIPTION') }
      expect((await send(body)).code).toBe('10/2018065')
    },
  ),
  judged(
    ['2.5-unknown', 'O', 'an unknown tag gets (#100) Invalid tag.'],
    [['100', tagged('NEWS')]],
  ),
  leftOut(
    ['2.5-utility', 'D', 'messaging_type UTILITY sends approved templates at any time'],
    'nothing approves templates here; inside the window it is judged like UPDATE',
  ),
]

const answers: readonly Row[] = [
  shown(
    ['2.6-shape', 'D', 'success names person and message, ids opaque'],
    async ({ psid, send, write }) => {
      await write()
      expect((await send(toPerson(psid))).text).toMatch(
        /^\{"recipient_id":"\d+","message_id":"m_[\w-]+"\}$/,
      )
    },
  ),
  shown(
    ['2.6-action', 'O', 'an action is answered with recipient_id alone'],
    async ({ psid, send }) => {
      const { body } = await send({ recipient: { id: psid }, sender_action: 'typing_on' })
      expect(body).toEqual({ recipient_id: psid })
    },
  ),
  shown(
    ['2.6-attachment', 'D', 'a reusable file is answered with an attachment_id that works'],
    async ({ psid, send, write }) => {
      await write()
      const payload = { url: 'https://example.com/a.png', is_reusable: true }
      const { body } = await send(toPerson(psid, { attachment: { type: 'image', payload } }))
      const again = { type: 'image', payload: { attachment_id: body.attachment_id } }
      expect((await send(toPerson(psid, { attachment: again }))).code).toBe('ok')
    },
  ),
  shown(
    ['2.6-error-with-200', 'O', 'an error may come with status 200'],
    async ({ control, send, token }) => {
      const answer = { kind: 'error', status: 200, name: 'temporary-failure' }
      await control('POST', '/_sim/knobs', { deliver: false, answer, times: 1 })
      const { status, code } = await send(withToken(await token()))
      expect([status, code]).toEqual([200, '1200'])
    },
  ),
  shown(
    ['2.7-echo', 'D', 'an echo carries mid, app_id and metadata'],
    async ({ receiver, simulator, send, token }) => {
      const spent = await token()
      const callback = await receiver()
      await simulator.registerWebhook({ callbackUrl: callback.url })
      const { body } = await send(withToken(spent, { ...text, metadata: 'c-1' }))
      await callback.came(1)
      expect(callback.items()[0]?.message).toMatchObject({
        mid: body.message_id,
        is_echo: true,
        app_id: Number(simulator.appId),
        metadata: 'c-1',
      })
    },
  ),
  leftOut(
    ['2.7-conversations', 'D', 'conversations can be read, 2 calls a second'],
    'no conversations API stands here; the truth of the control side is what tests read',
  ),
]

export const section2: readonly Row[] = [
  ...endpoint,
  ...members,
  ...recipients,
  ...tags,
  ...answers,
  shown(
    ['2.5-request-with-tag', 'D', 'no tag carries a request outside the window'],
    async ({ psid, send, write, pass }) => {
      await write()
      await pass(2 * DAY_MS)
      const body = { recipient: { id: psid }, ...tagged('HUMAN_AGENT', request()) }
      expect((await send(body)).code).toBe('10/2018278')
    },
  ),
]
