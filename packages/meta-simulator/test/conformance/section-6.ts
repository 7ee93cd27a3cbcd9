/** Section 6 of the reference: set-up calls and versions. */
import { DAY_MS, HOUR_MS } from '@otn/kernel'
import { expect } from 'vitest'
import { text, toPerson, withToken } from './bodies.ts'
import type { Meta } from './meta.ts'
import { leftOut, type Row, shown } from './row.ts'

const FIELDS = 'messages,messaging_optins,messaging_postbacks,message_echoes'
const userToken = ({ simulator }: Meta, lifeMs?: number) =>
  simulator.issueAccessToken({ kind: 'user', ...(lifeMs === undefined ? {} : { lifeMs }) })
    .accessToken
const appToken = ({ simulator }: Meta) => `${simulator.appId}|${simulator.appSecret}`

const credentials: readonly Row[] = [
  shown(
    ['6-me', 'D', 'GET /me names the page of the token'],
    async ({ call, simulator, pageId }) => {
      const { body } = await call('/v21.0/me', { query: { fields: 'id,name' } })
      expect(body).toEqual({ id: pageId, name: simulator.pages[0]?.name })
    },
  ),
  shown(
    ['6-accounts', 'D/O', 'GET /me/accounts lists pages with their tokens [S1-02] [S1-42]'],
    async (meta) => {
      const { body } = await meta.call('/v21.0/me/accounts', { token: userToken(meta) })
      const rows = meta.simulator.pages.map(({ pageId, name, accessToken }) => ({
        access_token: accessToken,
        category: expect.any(String),
        category_list: [{ id: expect.any(String), name: expect.any(String) }],
        name,
        id: pageId,
        tasks: expect.arrayContaining(['MESSAGING', 'MODERATE']),
      }))
      const cursors = { before: expect.any(String), after: expect.any(String) }
      expect(body).toEqual({ data: rows, paging: { cursors } })
    },
  ),
  shown(
    ['6-exchange', 'D/O', 'fb_exchange_token gives a long-lived user token [S1-36]'],
    async (meta) => {
      const { simulator, call, pass } = meta
      const query = {
        grant_type: 'fb_exchange_token',
        client_id: simulator.appId,
        client_secret: simulator.appSecret,
        fb_exchange_token: userToken(meta, HOUR_MS),
      }
      const { body } = await call('/v21.0/oauth/access_token', { token: null, query })
      expect(body).toMatchObject({ token_type: 'bearer', expires_in: 60 * 86_400 })
      const token = String(body.access_token)
      await pass(59 * DAY_MS)
      expect((await call('/v21.0/me/accounts', { token })).code).toBe('ok')
      await pass(DAY_MS)
      expect((await call('/v21.0/me/accounts', { token })).code).toBe('190/463')
      const forged = { ...query, client_secret: 'x' }
      expect((await call('/oauth/access_token', { token: null, query: forged })).code).toBe('1')
    },
  ),
  shown(
    ['6-page-token', 'D', 'a page token lives on, and dies with the password'],
    async ({ call, simulator, pass, control }) => {
      await pass(400 * DAY_MS)
      expect((await call('/v21.0/me')).code).toBe('ok')
      const accessToken = simulator.pages[0]?.accessToken
      const trouble = 'password-changed'
      await control('POST', '/_sim/access-tokens/trouble', { accessToken, trouble })
      expect((await call('/v21.0/me')).code).toBe('190/460')
    },
  ),
  shown(
    ['6-debug-token', 'D/O', 'debug_token tells what a token is, and what is wrong with it'],
    async (meta) => {
      const { simulator, pageId, call, control } = meta
      const accessToken = simulator.pages[0]?.accessToken ?? ''
      const query = { input_token: accessToken }
      const ask = () => call('/v21.0/debug_token', { token: appToken(meta), query })
      const scope = 'pages_messaging'
      expect((await ask()).body).toMatchObject({
        data: {
          app_id: simulator.appId,
          type: 'PAGE',
          expires_at: 0,
          is_valid: true,
          profile_id: pageId,
          scopes: expect.arrayContaining([scope]),
          granular_scopes: expect.arrayContaining([{ scope, target_ids: [pageId] }]),
        },
      })
      const trouble = 'password-changed'
      await control('POST', '/_sim/access-tokens/trouble', { accessToken, trouble })
      expect((await ask()).body).toMatchObject({
        data: { is_valid: false, error: { code: 190, subcode: 460 } },
      })
    },
  ),
]

async function register(meta: Meta, fields: string) {
  const { simulator, call } = meta
  const callback = await meta.receiver()
  const form = {
    object: 'page',
    callback_url: callback.url,
    verify_token: 'my-word',
    fields,
    include_values: 'true',
  }
  const path = `/v21.0/${simulator.appId}/subscriptions`
  const answer = await call(path, { method: 'POST', token: appToken(meta), form })
  return { callback, path, answer }
}

const webhooks: readonly Row[] = [
  shown(
    ['6-subscribe-app', 'D', 'POST subscriptions shakes hands first, unsigned, then delivers'],
    async (meta) => {
      const { callback, answer } = await register(meta, FIELDS)
      expect(answer.body).toEqual({ success: true })
      const asked = callback.handshakes[0]?.searchParams
      expect(asked?.get('hub.mode')).toBe('subscribe')
      expect(asked?.get('hub.verify_token')).toBe('my-word')
      await meta.token()
      await callback.came(1)
      expect(callback.items()[0]).toHaveProperty('optin')
    },
  ),
  shown(
    ['6-subscribe-app-refused', 'D', 'a callback that does not echo the challenge is refused'],
    async (meta) => {
      const callback = await meta.receiver()
      callback.echo('no')
      const { appId } = meta.simulator
      const form = {
        object: 'page',
        callback_url: callback.url,
        verify_token: 'w',
        fields: FIELDS,
      }
      const token = appToken(meta)
      const path = `/v21.0/${appId}/subscriptions`
      expect((await meta.call(path, { method: 'POST', token, form })).code).toBe('2200')
      expect((await meta.call(path, { token })).body).toEqual({ data: [] })
    },
  ),
  shown(
    ['6-read-app', 'O', 'GET subscriptions shows callback, fields and versions'],
    async (meta) => {
      const { callback, path } = await register(meta, 'messages,messaging_optins')
      const { body, text: said } = await meta.call(path, { token: appToken(meta) })
      const fields = ['messages', 'messaging_optins'].map((name) => ({ name, version: 'v21.0' }))
      const row = { object: 'page', callback_url: callback.url, active: true, fields }
      expect(body).toEqual({ data: [row] })
      expect(said).toContain('"http:\\/\\/')
    },
  ),
  shown(
    ['6-delete-app', 'D', 'DELETE subscriptions takes fields away, or everything'],
    async (meta) => {
      const { callback, path } = await register(meta, 'messages,messaging_optins')
      const token = appToken(meta)
      const query = { object: 'page', fields: 'messaging_optins' }
      const { body } = await meta.call(path, { method: 'DELETE', token, query })
      expect(body).toEqual({ success: true })
      await meta.token()
      await meta.write()
      await callback.came(1)
      expect(callback.items()[0]).toHaveProperty('message')
      await meta.call(path, { method: 'DELETE', token, query: { object: 'page' } })
      expect((await meta.call(path, { token })).body).toEqual({ data: [] })
      await meta.write()
      await meta.simulator.settled()
      expect(callback.posts).toHaveLength(1)
    },
  ),
  shown(
    ['6-delete-of-all', 'D', 'a field taken from an app that had all leaves it the others'],
    async (meta) => {
      const { simulator, call } = meta
      const callback = await meta.receiver()
      await simulator.registerWebhook({ callbackUrl: callback.url })
      const query = { object: 'page', fields: 'messaging_optins' }
      const path = `/v21.0/${simulator.appId}/subscriptions`
      await call(path, { method: 'DELETE', token: appToken(meta), query })
      await meta.token()
      await meta.write()
      await callback.came(1)
      expect(callback.items()[0]).toHaveProperty('message')
    },
  ),
  shown(
    ['6-alias', 'O', 'there is no field message_optins; messaging_optins is its name'],
    async ({ call }) => {
      const follow = (subscribed_fields: string) =>
        call('/v21.0/me/subscribed_apps', { method: 'POST', query: { subscribed_fields } })
      expect((await follow('message_optins')).code).toBe('100')
      expect((await follow('messaging_optins')).code).toBe('ok')
    },
  ),
  shown(
    ['6-rare-fields', 'D', 'fields whose events a receiver ignores safely can be chosen too'],
    async ({ call }) => {
      const rare = 'messaging_game_plays,send_cart,messaging_customer_information,calls'
      const query = { subscribed_fields: `${rare},messaging_in_thread_lead_form_submit` }
      expect((await call('/v21.0/me/subscribed_apps', { method: 'POST', query })).code).toBe('ok')
    },
  ),
  shown(
    ['6-follow', 'D', 'POST subscribed_apps chooses fields; the overlap comes [S1-22] [S1-42]'],
    async (meta) => {
      const { callback } = await register(meta, FIELDS)
      const path = `/v21.0/${meta.pageId}/subscribed_apps`
      const query = { subscribed_fields: 'messages,message_reads' }
      expect((await meta.call(path, { method: 'POST', query })).body).toEqual({ success: true })
      expect((await meta.call(path)).body).toMatchObject({
        data: [{ id: meta.simulator.appId, subscribed_fields: ['messages', 'message_reads'] }],
      })
      await meta.token()
      await meta.write()
      await callback.came(1)
      expect(callback.items()[0]).toHaveProperty('message')
    },
  ),
  shown(
    ['6-follow-rights', 'D', 'following needs pages_manage_metadata'],
    async ({ simulator, pageId, call }) => {
      const scopes = ['pages_messaging' as const]
      const { accessToken: token } = simulator.issueAccessToken({ kind: 'page', pageId, scopes })
      const query = { subscribed_fields: 'messages' }
      const answer = await call('/v21.0/me/subscribed_apps', { method: 'POST', token, query })
      expect(answer.code).toBe('10')
    },
  ),
  shown(
    ['6-unfollow', 'D', 'DELETE subscribed_apps ends it; following again brings it back'],
    async (meta) => {
      const { callback } = await register(meta, FIELDS)
      const path = '/v21.0/me/subscribed_apps'
      expect((await meta.call(path, { method: 'DELETE' })).body).toEqual({ success: true })
      expect((await meta.call(path)).body).toEqual({ data: [] })
      await meta.token()
      await meta.call(path, { method: 'POST', query: { subscribed_fields: FIELDS } })
      const { token } = await meta.simulator.tap({ pageId: meta.pageId, payload: 'after' })
      await callback.came(1)
      expect(callback.items()).toHaveLength(1)
      expect(callback.items()[0]?.optin).toMatchObject({ one_time_notif_token: token })
    },
  ),
  shown(
    ['6-test-users', 'D', 'test users: v4.0, and POST as a parameter [S1-33] [S1-34] [S1-35]'],
    async (meta) => {
      const query = { access_token: userToken(meta) }
      const listed = await meta.call('/v4.0/me/accounts', { token: null, query })
      const [row] = listed.body.data as readonly { readonly access_token: string }[]
      await meta.call('/v21.0/me/subscribed_apps', { method: 'DELETE' })
      const follow = { method: 'POST', access_token: row?.access_token ?? '' }
      const answer = await meta.call('/v4.0/me/subscribed_apps', { token: null, query: follow })
      expect(answer.body).toEqual({ success: true })
      const { callback } = await register(meta, FIELDS)
      await meta.token()
      await callback.came(1)
    },
  ),
]

const pages: readonly Row[] = [
  shown(['6-profile', 'D/O', 'messenger_profile is set, read and deleted'], async ({ call }) => {
    const path = '/v21.0/me/messenger_profile'
    const json = { get_started: { payload: 'start' } }
    expect((await call(path, { method: 'POST', json })).body).toEqual({ result: 'success' })
    const query = { fields: 'get_started,greeting' }
    expect((await call(path, { query })).body).toEqual({ data: [json] })
    const gone = await call(path, { method: 'DELETE', json: { fields: ['get_started'] } })
    expect(gone.body).toEqual({ result: 'success' })
    expect((await call(path, { query })).body).toEqual({ data: [] })
  }),
  shown(
    ['6-feature-review', 'D', 'messaging_feature_review names features, not this one'],
    async ({ call }) => {
      const { body } = await call('/v21.0/me/messaging_feature_review')
      expect(body).toEqual({ data: [{ feature: 'subscription_messaging', status: 'rejected' }] })
    },
  ),
  shown(['6-person', 'D', 'GET /{PSID} tells the name and the picture'], async ({ call, psid }) => {
    const query = { fields: 'first_name,last_name,profile_pic' }
    const { body } = await call(`/v21.0/${psid}`, { query })
    expect(body).toMatchObject({ first_name: 'Ada', last_name: '', id: psid })
    expect((await call('/v21.0/999', { query })).code).toBe('100/33')
  }),
  shown(
    ['6-thread-owner', 'D', 'thread_owner names the app; nobody else’s send goes out [S1-08]'],
    async ({ call, control, pageId, psid, send, write, token }) => {
      await write()
      await control('POST', '/_sim/thread-owner', { pageId, psid, appId: '77' })
      const { body } = await call(`/v21.0/${pageId}/thread_owner`, { query: { recipient: psid } })
      expect(body).toEqual({ data: [{ thread_owner: { app_id: '77', expiration: 0 } }] })
      expect((await send(toPerson(psid))).code).toBe('10/2018300')
      expect((await send(withToken(await token()))).code).toBe('10/2018300')
    },
  ),
  shown(
    ['6-thread-control', 'D/O', 'take, pass, request, release and extend change it [S1-08]'],
    async ({ call, psid, send, write }) => {
      await write()
      const recipient = { id: psid }
      const control = (edge: string, more: object = {}) =>
        call(`/v21.0/me/${edge}`, { method: 'POST', json: { recipient, ...more } })
      const pass = { target_app_id: 77, metadata: 'm' }
      const done = { success: true }
      expect((await control('pass_thread_control', pass)).body).toEqual(done)
      expect((await send(toPerson(psid))).code).toBe('10/2018300')
      expect((await control('request_thread_control')).body).toEqual(done)
      expect((await control('release_thread_control')).code).toBe('10/2018300')
      expect((await control('take_thread_control')).body).toEqual(done)
      expect((await send(toPerson(psid))).code).toBe('ok')
      expect((await control('extend_thread_control')).body).toEqual(done)
      expect((await control('release_thread_control')).body).toEqual(done)
      const wrong = await control('pass_thread_control', { target_app_id: 'x' })
      expect(wrong.code).toBe('100/2018164')
    },
  ),
  shown(
    ['6-attachment', 'D', 'message_attachments gives an id that only its page can send'],
    async ({ call, psid, send, write, simulator }) => {
      await write()
      const payload = { url: 'https://example.com/a.png', is_reusable: true }
      const json = { message: { attachment: { type: 'image', payload } } }
      const upload = (token?: string) =>
        call('/v21.0/me/message_attachments', {
          method: 'POST',
          json,
          ...(token === undefined ? {} : { token }),
        })
      const own = (await upload()).body.attachment_id
      const foreign = (await upload(simulator.pages[1]?.accessToken)).body.attachment_id
      const sent = (attachment_id: unknown) =>
        send(toPerson(psid, { attachment: { type: 'image', payload: { attachment_id } } }))
      expect((await sent(own)).code).toBe('ok')
      expect((await sent(foreign)).code).toBe('100/2018074')
    },
  ),
  shown(
    ['6-dev-mode', 'D', 'in development nobody without a role is reached'],
    async ({ psid, send, write }) => {
      await write()
      expect((await send(toPerson(psid, text))).code).toBe('200')
    },
    { switches: { developmentMode: true } },
  ),
  leftOut(
    ['6-login', 'D', 'Facebook Login grants pages_messaging'],
    'a browser’s dialog; POST /_sim/access-tokens gives the token it would end with',
  ),
]

const versions: readonly Row[] = [
  shown(
    ['6-versions', 'D', 'v21.0 ends on 2027-01-21; the header names the version that answers'],
    async ({ call, pass }) => {
      const version = async () => (await call('/v21.0/me')).headers.get('facebook-api-version')
      expect(await version()).toBe('v21.0')
      await pass(2)
      expect(await version()).toBe('v22.0')
    },
    { clock: { startAtMs: Date.UTC(2027, 0, 21) - 1, running: false } },
  ),
]

export const section6: readonly Row[] = [...credentials, ...webhooks, ...pages, ...versions]
