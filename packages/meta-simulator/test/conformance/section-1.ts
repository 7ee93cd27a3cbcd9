/** Section 1 of the reference: the one-time notification itself. */
import { DAY_MS, HOUR_MS } from '@otn/kernel'
import { expect } from 'vitest'
import { button, request, template, text, toPerson, withToken } from './bodies.ts'
import { leftOut, type Row, shown } from './row.ts'

const permission: readonly Row[] = [
  shown(
    ['1.1-per-page', 'D', 'the grant is the page’s: another page keeps it'],
    async ({ control, pageId, otherPageId, send, simulator, token, call }) => {
      const mine = await token()
      const other = await simulator.tap({ pageId: otherPageId, payload: 'p' })
      await control('POST', '/_sim/standing', { pageId, standing: 'grant-missing' })
      expect((await send(withToken(mine))).code).toBe('10')
      const json = withToken(other.token)
      const accessToken = simulator.pages[1]?.accessToken ?? ''
      const answer = await call('/v21.0/me/messages', { method: 'POST', json, token: accessToken })
      expect(answer.code).toBe('ok')
    },
  ),
  shown(
    ['1.1-pages-messaging', 'D', 'a page token without pages_messaging sends nothing [S1-02]'],
    async ({ simulator, pageId, call, token }) => {
      const scopes = ['pages_show_list' as const]
      const weak = simulator.issueAccessToken({ kind: 'page', pageId, scopes }).accessToken
      const json = withToken(await token())
      const answer = await call('/v21.0/me/messages', { method: 'POST', json, token: weak })
      expect(answer.code).toBe('10')
    },
  ),
  shown(
    ['1.1-loss-of-access', 'D', 'a page may lose its access to requests and still write'],
    async ({ control, pageId, psid, send, write }) => {
      await write()
      await control('POST', '/_sim/standing', { pageId, standing: 'requests-restricted' })
      expect((await send(toPerson(psid, request()))).code).toBe('10/1404170')
      expect((await send(toPerson(psid))).code).toBe('ok')
    },
  ),
  leftOut(['1.1-instagram', 'D', 'not for Instagram'], 'only pages of Messenger stand here'),
]

const asking: readonly Row[] = [
  shown(
    ['1.2-inside-window', 'D', 'a request by id needs the 24 h window [S0-08]'],
    async ({ psid, send, write }) => {
      expect((await send(toPerson(psid, request()))).code).toBe('10/2018278')
      await write()
      const answer = await send(toPerson(psid, request()))
      expect(answer.body).toMatchObject({ recipient_id: psid })
      expect(answer.body.message_id).toMatch(/^m_/)
    },
  ),
  shown(['1.2-title', 'D', 'a title has at most 65 characters'], async ({ psid, send, write }) => {
    await write()
    expect((await send(toPerson(psid, request('x'.repeat(66))))).code).toBe('100')
    expect((await send(toPerson(psid, request('x'.repeat(65))))).code).toBe('ok')
  }),
  shown(
    ['1.2-type', 'D', 'the template is one_time_notif_req and no other word [S0-09]'],
    async ({ psid, send, write }) => {
      await write()
      const wrong = template({ template_type: 'one_time_notification', title: 'T', payload: 'p' })
      expect((await send(toPerson(psid, wrong))).code).toBe('100')
    },
  ),
  shown(
    ['1.2-members', 'D', 'only title and payload can be chosen'],
    async ({ psid, send, write }) => {
      await write()
      const labelled = request('T', 'p', { button_text: 'Tell me' })
      expect((await send(toPerson(psid, labelled))).code).toBe('100')
    },
  ),
  shown(
    ['1.2-messaging-type', 'D', 'messaging_type may be absent or given'],
    async ({ psid, send, write }) => {
      await write()
      expect((await send(toPerson(psid, request('A')))).code).toBe('ok')
      for (const messaging_type of ['RESPONSE', 'UPDATE']) {
        const body = { ...toPerson(psid, request(messaging_type)), messaging_type }
        expect((await send(body)).code).toBe('ok')
      }
    },
  ),
  shown(
    ['1.2-by-token', 'D', 'a request may be addressed to a token and spends it [S1-20]'],
    async ({ send, token }) => {
      const spent = await token()
      expect((await send(withToken(spent, request()))).code).toBe('ok')
      expect((await send(withToken(spent))).code).toBe('100')
    },
  ),
  shown(
    ['1.2-several', 'D', 'several requests are allowed, each inside the window'],
    async ({ psid, send, write, pass }) => {
      await write()
      for (const title of ['A', 'B', 'C']) {
        expect((await send(toPerson(psid, request(title)))).code).toBe('ok')
      }
      await pass(24 * HOUR_MS)
      expect((await send(toPerson(psid, request('D')))).code).toBe('10/2018278')
    },
  ),
  shown(
    ['1.2-same-title', 'D', 'one request per title, person and week (sister feature) [S1-20]'],
    async ({ psid, send, write, pass }) => {
      await write()
      expect((await send(toPerson(psid, request()))).code).toBe('ok')
      expect((await send(toPerson(psid, request()))).code).toBe('613/1893016')
      await pass(7 * DAY_MS)
      await write()
      expect((await send(toPerson(psid, request()))).code).toBe('ok')
    },
  ),
  shown(
    ['1.2-rate', 'D', 'the number of requests to a person is limited [S0-28]'],
    async ({ psid, send, write }) => {
      await write()
      for (const title of ['A', 'B']) {
        expect((await send(toPerson(psid, request(title)))).code).toBe('ok')
      }
      expect((await send(toPerson(psid, request('C')))).code).toBe('9/2018352')
    },
    { switches: { requestsPerPersonADay: 2 } },
  ),
  leftOut(['1.2-content', 'D', 'no personal data in payload'], 'policy: no call is refused for it'),
]

const optIn: readonly Row[] = [
  shown(
    ['1.3-shape', 'D', 'a tap brings type, payload and token in messaging[] [S0-14]'],
    async ({ receiver, simulator, pageId, psid }) => {
      const callback = await receiver()
      await simulator.registerWebhook({ callbackUrl: callback.url })
      const payload = '{"topic":"restock"}'
      const { token } = await simulator.tap({ pageId, psid, payload })
      await callback.came(1)
      const [item] = callback.items()
      expect(item).toEqual({
        sender: { id: psid },
        recipient: { id: pageId },
        timestamp: expect.any(Number),
        optin: { type: 'one_time_notif_req', payload, one_time_notif_token: token },
      })
    },
  ),
  shown(
    ['1.3-payload', 'O', 'payload comes back as a string even if it holds JSON'],
    async ({ receiver, simulator, pageId, psid }) => {
      const callback = await receiver()
      await simulator.registerWebhook({ callbackUrl: callback.url })
      await simulator.tap({ pageId, psid, payload: '{"a":1}' })
      await callback.came(1)
      expect(callback.posts[0]?.body.toString()).toContain('"payload":"{\\"a\\":1}"')
    },
  ),
  shown(
    ['1.3-no-expiry', 'D', 'an opt-in carries no expiry'],
    async ({ receiver, simulator, pageId, psid }) => {
      const callback = await receiver()
      await simulator.registerWebhook({ callbackUrl: callback.url })
      await simulator.tap({ pageId, psid, payload: 'p' })
      await callback.came(1)
      expect(callback.posts[0]?.body.toString()).not.toMatch(/expir/)
    },
  ),
  shown(
    ['1.3-lost-is-lost', 'D', 'no API lists tokens: an opt-in that was missed is gone [S0-23]'],
    async ({ call, pageId, token }) => {
      await token()
      for (const edge of ['one_time_notif_tokens', 'notification_message_tokens', 'tokens']) {
        expect((await call(`/v21.0/${pageId}/${edge}`)).code).toBe('2500')
      }
    },
  ),
  leftOut(
    ['1.3-other-kinds', 'D', 'opt-ins of other kinds have other members'],
    'no one-time notification; POST /_sim/batch sends a body with any of them',
  ),
]

const followUp: readonly Row[] = [
  shown(['1.4-any-kind', 'D', 'any kind of message may follow'], async ({ send, token }) => {
    const image = { attachment: { type: 'image', payload: { url: 'https://example.com/a.png' } } }
    const buttons = template({ template_type: 'button', text: 'Buy?', buttons: [button] })
    const replies = [{ content_type: 'text', title: 'Yes', payload: 'y' }]
    for (const message of [image, buttons, { text: 'Hi', quick_replies: replies }]) {
      expect((await send(withToken(await token(), message))).code).toBe('ok')
    }
  }),
  shown(
    ['1.4-no-tag', 'D', 'no tag is needed long after the window [S0-01]'],
    async ({ send, token, pass }) => {
      const late = await token()
      await pass(300 * DAY_MS)
      expect((await send(withToken(late))).code).toBe('ok')
    },
  ),
  shown(
    ['1.4-messaging-type', 'D/O', 'messaging_type may be absent, UPDATE or RESPONSE'],
    async ({ send, token }) => {
      for (const more of [{}, { messaging_type: 'UPDATE' }, { messaging_type: 'RESPONSE' }]) {
        expect((await send({ ...withToken(await token()), ...more })).code).toBe('ok')
      }
    },
  ),
  shown(
    ['1.4-one-call', 'D', 'a second call with the same token fails [S1-28]'],
    async ({ send, token, psid, simulator }) => {
      const once = await token()
      expect((await send(withToken(once))).code).toBe('ok')
      expect((await send(withToken(once))).code).not.toBe('ok')
      expect(simulator.truth({ psid }).deliveries).toHaveLength(1)
    },
  ),
  shown(
    ['1.4-inside-window', 'D', 'use inside the window spends it as well'],
    async ({ send, token, write }) => {
      await write()
      const once = await token()
      await send(withToken(once))
      expect((await send(withToken(once))).code).not.toBe('ok')
    },
  ),
  shown(
    ['1.4-opens-nothing', 'D', 'the follow-up opens no window, an answer to it does [S1-21]'],
    async ({ send, token, psid, simulator, pageId }) => {
      await send(withToken(await token()))
      expect((await send(toPerson(psid))).code).toBe('10/2018278')
      const act = { kind: 'postback', title: 'Yes', payload: 'y' } as const
      await simulator.act({ pageId, psid, act })
      expect((await send(toPerson(psid))).code).toBe('ok')
    },
  ),
  shown(
    ['1.4-combined', 'O', 'persona, notification type and metadata go with a token'],
    async ({ send, token }) => {
      const message = { ...text, metadata: 'c-1' }
      const more = { persona_id: '77', notification_type: 'NO_PUSH' }
      expect((await send({ ...withToken(await token(), message), ...more })).code).toBe('ok')
    },
  ),
]

const life: readonly Row[] = [
  shown(
    ['1.5-success-spends', 'D', 'a 200 with message_id spends the token [S0-20]'],
    async ({ send, token, simulator }) => {
      const once = await token()
      expect((await send(withToken(once))).body.message_id).toBeDefined()
      expect(simulator.truth({ token: once }).tokens[0]?.state).toBe('SPENT')
    },
  ),
  shown(
    ['1.5-error-spares', 'D', 'an error answer leaves the token alive [S0-20]'],
    async ({ send, token }) => {
      const spared = await token()
      expect((await send(withToken(spared, { text: '' }))).code).toBe('100/2018034')
      expect((await send(withToken(spared))).code).toBe('ok')
    },
  ),
  shown(
    ['1.5-sent-though-error', 'O', 'with 1/1357046 the message may have gone out'],
    async ({ control, send, token, simulator }) => {
      const lost = await token()
      await control('POST', '/_sim/knobs', { name: 'delivered-answer-lost', token: lost, times: 1 })
      const answer = await send(withToken(lost))
      expect([answer.status, answer.code]).toEqual([500, '1/1357046'])
      expect(simulator.truth({ token: lost }).deliveries).toHaveLength(1)
    },
  ),
  shown(['1.5-year', 'D', 'an unused token dies within a year'], async ({ send, token, pass }) => {
    const old = await token()
    await pass(365 * DAY_MS)
    const answer = await send(withToken(old))
    expect([answer.status, answer.code]).toEqual([400, '100'])
  }),
  shown(
    ['1.6-stacking', 'O', 'a person may grant several tokens before one is used'],
    async ({ send, token }) => {
      const tokens = [await token(), await token(), await token()]
      for (const one of tokens) expect((await send(withToken(one))).code).toBe('ok')
    },
  ),
  shown(
    ['1.6-privacy-flag', 'D', 'the profile tells whether the rules of Europe touch the page'],
    async ({ call }) => {
      const query = { fields: 'subject_to_new_eu_privacy_rules' }
      const { body } = await call('/v21.0/me/messenger_profile', { query })
      expect(body).toEqual({ data: [{ subject_to_new_eu_privacy_rules: false }] })
    },
  ),
  leftOut(['1.6-topic', 'D', 'the message must match the topic'], 'policy: Meta reads, no code'),
  leftOut(
    ['1.6-other-api', 'D', 'the new marketing API reaches not every country'],
    'another family of endpoints, which nothing here uses',
  ),
  leftOut(
    ['1.7-history', 'D', 'when features of the platform came and went'],
    'no wire behaviour of today but the end of tags, which 2.5 shows',
  ),
]

const sister: readonly Row[] = [
  shown(
    ['1.8-request', 'D', 'a request of the sister feature has a title of up to 65 or none'],
    async ({ psid, send, write }) => {
      await write()
      const ask = (more: object) =>
        toPerson(psid, template({ template_type: 'notification_messages', payload: 'p', ...more }))
      expect((await send(ask({}))).code).toBe('ok')
      expect((await send(ask({ title: 'x'.repeat(66) }))).code).toBe('100')
    },
  ),
  shown(
    ['1.8-send', 'D', 'its token is an address of its own; an unknown one gets a bare 100'],
    async ({ control, pageId, psid, send }) => {
      const recipient = { notification_messages_token: '55' }
      expect((await send({ recipient, message: text })).code).toBe('100')
      const form = 'notification_messages_token'
      await control('POST', '/_sim/addresses', { pageId, psid, form, value: '55' })
      expect((await send({ recipient, message: text })).code).toBe('ok')
    },
  ),
  leftOut(
    ['1.8-list', 'D/O', 'the sister feature lists its tokens'],
    'the feature ended for most of the world, and nothing here uses its list',
  ),
]

export const section1: readonly Row[] = [
  ...permission,
  ...asking,
  ...optIn,
  ...followUp,
  ...life,
  ...sister,
]
