/** Section 3 of the reference: errors. */
import { expect } from 'vitest'
import { text, toPerson, withToken } from './bodies.ts'
import { masterTable } from './master-table.ts'
import { leftOut, type Mark, type Row, shown } from './row.ts'

const envelope: readonly Row[] = [
  shown(
    ['3.1-envelope', 'D', 'an error has message, type, code, subcode and fbtrace_id, in order'],
    async ({ psid, send }) => {
      const { status, text: body } = await send(toPerson(psid))
      expect(status).toBe(400)
      expect(body).toMatch(
        /^\{"error":\{"message":"[^"]+","type":"OAuthException","code":10,"error_subcode":2018278,"fbtrace_id":"[^"]+"\}\}$/,
      )
    },
  ),
  shown(['3.1-slashes', 'O', 'answers write / as \\/'], async ({ psid, send }) => {
    expect((await send(toPerson(psid))).text).toContain('https:\\/\\/developers.facebook.com\\/')
  }),
  shown(['3.1-graph-method', 'O', '100/33 is of type GraphMethodException'], async ({ call }) => {
    const { body } = await call('/v21.0/555/messages', { method: 'POST', json: {} })
    const error = { type: 'GraphMethodException', code: 100, error_subcode: 33 }
    expect(body).toMatchObject({ error })
  }),
  shown(
    ['3.1-optional', 'D/O', 'is_transient, error_user_title, _msg and error_data may come'],
    async ({ psid, send }) => {
      expect((await send(toPerson(psid))).body).toMatchObject({
        error: {
          is_transient: true,
          error_user_title: 'Title',
          error_user_msg: 'Text',
          error_data: '{"a":1}',
        },
      })
    },
    {
      switches: {
        answers: {
          'window-closed': {
            transient: true,
            userTitle: 'Title',
            userMessage: 'Text',
            data: '{"a":1}',
          },
        },
      },
    },
  ),
  shown(['3.1-prefix', 'O', 'a message begins with (#code)'], async ({ psid, send }) => {
    expect((await send(toPerson(psid))).text).toContain('"message":"(#10) ')
  }),
  shown(
    ['3.1-headers', 'O', 'answers carry x-fb-trace-id, x-fb-rev and x-fb-debug'],
    async ({ psid, send, token }) => {
      for (const body of [withToken(await token()), toPerson(psid)]) {
        const { headers } = await send(body)
        for (const name of ['x-fb-trace-id', 'x-fb-rev', 'x-fb-debug']) {
          expect(headers.get(name)).not.toBeNull()
        }
      }
    },
  ),
  shown(
    ['3.1-trace', 'D', 'the trace id of header and body is the same, and new with each answer'],
    async ({ psid, send }) => {
      const traces = [await send(toPerson(psid)), await send(toPerson(psid))].map(
        ({ headers, body }) => {
          const trace = headers.get('x-fb-trace-id')
          expect(body).toMatchObject({ error: { fbtrace_id: trace } })
          return trace
        },
      )
      expect(new Set(traces).size).toBe(2)
    },
  ),
  shown(
    ['3.1-authenticate', 'O', 'failures carry www-authenticate with their kind'],
    async ({ psid, send, call }) => {
      const refused = (await send(toPerson(psid))).headers.get('www-authenticate')
      expect(refused).toMatch(/^OAuth "Facebook Platform" "invalid_request" "\(#10\) /)
      const stranger = (await call('/v21.0/me', { token: 'EAAx' })).headers
      expect(stranger.get('www-authenticate')).toContain('"invalid_token"')
    },
  ),
  shown(
    ['3.1-status', 'O', 'most errors are 400, codes 1 and 2 are 500, others are seen'],
    async ({ psid, send, call, control }) => {
      expect((await send(toPerson(psid))).status).toBe(403)
      expect((await call('/v21.0/me', { token: 'EAAx' })).status).toBe(401)
      for (const name of ['unknown', 'service-unavailable']) {
        await control('POST', '/_sim/knobs', { name, times: 1 })
        expect((await send(toPerson(psid))).status).toBe(500)
      }
    },
    {
      switches: {
        answers: { 'window-closed': { status: 403 }, 'access-token-invalid': { status: 401 } },
      },
    },
  ),
  leftOut(
    ['3.1-localised', 'D', 'texts for people come in the language of the request'],
    'texts are no promise; a switch puts any text in',
  ),
]

const table: readonly Row[] = masterTable.map(([name, code, mark]) =>
  shown(
    [`3.2-${name}`, mark, `${code} refuses a send without delivering, when asked for as ${name}`],
    async ({ control, send, token, simulator }) => {
      await control('POST', '/_sim/knobs', { name, times: 1 })
      const spared = await token()
      expect((await send(withToken(spared))).code).toBe(code)
      expect(simulator.truth({ token: spared }).deliveries).toEqual([])
    },
  ),
)

const troubles: readonly (readonly [string, string, Mark])[] = [
  ['app-not-installed', '190/458', 'D'],
  ['checkpoint', '190/459', 'D'],
  ['user-unconfirmed', '190/464', 'D'],
  ['password-changed', '190/460', 'D'],
  ['access-token-expired', '190/463', 'D'],
  ['session-invalid', '190/467', 'D'],
  ['security-check', '190/490', 'D/O'],
  ['page-role-lost', '190/492', 'D/O'],
  ['token-permissions-missing', '190/2069032', 'D/O'],
  ['access-token-revoked', '190', 'D'],
  ['session-lost', '102', 'D'],
]

const credentials: readonly Row[] = troubles.map(([trouble, code, mark]) =>
  shown(
    [`3.2-${trouble}`, mark, `a token in the state ${trouble} gets ${code} until it is mended`],
    async ({ control, simulator, send, psid, write }) => {
      await write()
      const accessToken = simulator.pages[0]?.accessToken ?? ''
      await control('POST', '/_sim/access-tokens/trouble', { accessToken, trouble })
      expect((await send(toPerson(psid))).code).toBe(code)
      const sound = { accessToken, trouble: null }
      await control('POST', '/_sim/access-tokens/trouble', sound)
      expect((await send(toPerson(psid))).code).toBe('ok')
    },
  ),
)

const standings: readonly Row[] = (
  [
    ['restricted', '10/1893063'],
    ['judged-abusive', '368'],
    ['feature-limited', '2022'],
    ['messages-off', '10904'],
  ] as const
).map(([standing, code]) =>
  shown(
    [`3.2-standing-${standing}`, 'D', `a page that is ${standing} gets ${code} for every send`],
    async ({ control, pageId, psid, send, token, write }) => {
      await write()
      await control('POST', '/_sim/standing', { pageId, standing })
      expect((await send(toPerson(psid))).code).toBe(code)
      expect((await send(withToken(await token()))).code).toBe(code)
    },
  ),
)

const samples: readonly Row[] = [
  shown(
    ['3.3-unknown-person', 'O', 'no matching user is told in these words'],
    async ({ send }) => {
      expect((await send(toPerson('9'))).body).toEqual({
        error: {
          message: '(#100) No matching user found',
          type: 'OAuthException',
          code: 100,
          error_subcode: 2018001,
          fbtrace_id: expect.any(String),
        },
      })
    },
  ),
  shown(
    ['3.3-invalid-token', 'O', 'an unknown access token is told in these words'],
    async ({ call }) => {
      const { body } = await call('/v21.0/me', { token: 'EAAx' })
      const message = 'Invalid OAuth access token.'
      const error = { message, type: 'OAuthException', code: 190, fbtrace_id: expect.any(String) }
      expect(body).toEqual({ error })
    },
  ),
  shown(
    ['3.3-invalid-tag', 'O', 'an unknown tag is told in these words'],
    async ({ send, psid }) => {
      const tag = { messaging_type: 'MESSAGE_TAG', tag: 'NEWS' }
      const { body } = await send({ ...toPerson(psid), ...tag })
      expect(body).toMatchObject({ error: { message: '(#100) Invalid tag.', code: 100 } })
    },
  ),
  shown(
    ['3.4-request-outside', 'D', 'a person who blocked the page gets 551/1545041'],
    async ({ send, simulator, psid, token }) => {
      const granted = await token()
      const knob = { name: 'blocked', psid, times: 1 }
      simulator.addKnob(knob)
      expect((await send(withToken(granted, text))).code).toBe('551/1545041')
      expect((await send(withToken(granted, text))).code).toBe('ok')
    },
  ),
  leftOut(
    ['3.5-retry-classes', 'D', 'what a caller should do with a code'],
    'the caller’s business, not the wire’s',
  ),
  leftOut(['3.2-minus-one', 'O', 'some bots know a code -1'], 'a client’s own, never on the wire'),
]

export const section3: readonly Row[] = [
  ...envelope,
  ...table,
  ...credentials,
  ...standings,
  ...samples,
]
