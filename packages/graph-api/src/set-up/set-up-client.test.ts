/** The calls as they go over the wire, to the byte, and what a wrong answer is told as. */
import { Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { deadUrl, httpStandIn } from '../../test/stand-in.ts'
import { createSetUpClient, type SetUpClient } from './set-up-client.ts'

interface Seen {
  readonly line: string
  readonly authorization: string | undefined
  readonly body: string
}

const app = { version: 'v21.0', appId: '7', appSecret: new Secret('test-app-secret') }
const page = { pageId: '1000', accessToken: new Secret('PAGE_TOKEN_EXAMPLE') }
/** HMAC-SHA256 of PAGE_TOKEN_EXAMPLE under test-app-secret, computed elsewhere. */
const PROOF = 'fadbde20d59dcd0f28b0560f6bdb585b56a3b515b50242af9483d664fc02d287'

/** What a call sends, and what comes of the answer. */
async function calling<T>(
  call: (client: SetUpClient) => Promise<T>,
  answers: readonly unknown[] = [{ success: true }],
) {
  const seen: Seen[] = []
  await using host = await httpStandIn(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { authorization } = request.headers
    const answer = answers[Math.min(seen.length, answers.length - 1)]
    seen.push({ line: `${request.method} ${request.url}`, authorization, body })
    response.setHeader('content-type', 'application/json')
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  const result = await call(createSetUpClient({ ...app, baseUrl: `${host.url}/` }))
  return { seen, result }
}

describe('a call of set-up goes out as it is documented', () => {
  test("a person's pages are asked for, answer after answer by cursor [S1-34]", async () => {
    const row = (id: string) => ({ id, name: `Page ${id}`, access_token: `T${id}`, tasks: ['A'] })
    const more = { cursors: { after: 'c1' }, next: 'http://elsewhere.example/?access_token=T' }
    const { seen, result } = await calling(
      (client) => client.pagesOf(page.accessToken),
      [{ data: [row('1'), row('2')], paging: more }, { data: [row('3')] }],
    )
    const first = `GET /v21.0/me/accounts?limit=100&appsecret_proof=${PROOF}`
    const second = `GET /v21.0/me/accounts?limit=100&after=c1&appsecret_proof=${PROOF}`
    expect(seen.map(({ line }) => line)).toEqual([first, second])
    expect(seen.map(({ authorization }) => authorization)).toEqual(
      Array.from({ length: 2 }, () => 'Bearer PAGE_TOKEN_EXAMPLE'),
    )
    if (result.kind === 'refused') throw new Error(result.fault.meaning)
    expect(result.value.map((one) => [one.pageId, one.name, one.accessToken?.reveal()])).toEqual([
      ['1', 'Page 1', 'T1'],
      ['2', 'Page 2', 'T2'],
      ['3', 'Page 3', 'T3'],
    ])
  })

  test('a page without a token is shown as such, and no part passes for the whole [S1-34]', async () => {
    const data = [{ id: '1', name: 'A', tasks: [] }]
    const whole = await calling((client) => client.pagesOf(page.accessToken), [{ data }])
    expect(whole.result).toMatchObject({
      kind: 'done',
      value: [{ pageId: '1', accessToken: null }],
    })
    const cut = { data, paging: { cursors: { after: 'c1' }, next: 'http://elsewhere.example' } }
    const part = await calling((client) => client.pagesOf(page.accessToken), [cut])
    expect(part.seen).toHaveLength(2)
    expect(part.result).toMatchObject({ kind: 'refused', fault: { reason: 'unreadable' } })
  })

  test('the apps of a page are asked for, answer after answer, and no part passes for the whole', async () => {
    const more = { cursors: { after: 'c1' }, next: 'http://elsewhere.example/?access_token=T' }
    const answers = [{ data: [{ id: '1' }], paging: more }, { data: [{ id: '7' }] }]
    const { seen, result } = await calling((client) => client.followersOf(page), answers)
    const path = 'GET /v21.0/1000/subscribed_apps?limit=100'
    expect(seen.map(({ line }) => line)).toEqual([
      `${path}&appsecret_proof=${PROOF}`,
      `${path}&after=c1&appsecret_proof=${PROOF}`,
    ])
    expect(result).toMatchObject({ kind: 'done', value: [{ appId: '1' }, { appId: '7' }] })
    const part = await calling((client) => client.followersOf(page), answers.slice(0, 1))
    expect(part.result).toMatchObject({ kind: 'refused', fault: { reason: 'unreadable' } })
  })

  test('a page is followed with the fields that are named, by its own token [S1-35]', async () => {
    const { seen, result } = await calling((client) =>
      client.followPage(page, ['messages', 'messaging_optins']),
    )
    expect(seen).toEqual([
      {
        line: 'POST /v21.0/1000/subscribed_apps',
        authorization: 'Bearer PAGE_TOKEN_EXAMPLE',
        body: `subscribed_fields=messages%2Cmessaging_optins&appsecret_proof=${PROOF}`,
      },
    ])
    expect(result).toEqual({ kind: 'done', value: null })
  })

  test('a short-lived token is exchanged for one whose end is known [S1-36]', async () => {
    const { seen, result } = await calling(
      (client) => client.exchangeToken(new Secret('SHORT'), 1_000),
      [{ access_token: 'SHORT', token_type: 'bearer', expires_in: 5_183_976 }],
    )
    expect(seen).toEqual([
      {
        line:
          'GET /v21.0/oauth/access_token?grant_type=fb_exchange_token&client_id=7' +
          '&client_secret=test-app-secret&fb_exchange_token=SHORT',
        authorization: undefined,
        body: '',
      },
    ])
    if (result.kind === 'refused') throw new Error(result.fault.meaning)
    // The platform may give the same token again, with a longer life.
    expect(result.value.accessToken.reveal()).toBe('SHORT')
    expect(result.value.expiresAt).toBe(5_183_977_000)
  })

  test('the app names itself for its own subscription', async () => {
    const verifyToken = new Secret('verify-me')
    const { seen } = await calling((client) =>
      client.subscribeApp({
        callbackUrl: 'https://a.example/w',
        verifyToken,
        fields: ['messages'],
      }),
    )
    expect(seen).toEqual([
      {
        line: 'POST /v21.0/7/subscriptions',
        authorization: 'Bearer 7|test-app-secret',
        body:
          'object=page&callback_url=https%3A%2F%2Fa.example%2Fw&verify_token=verify-me' +
          '&fields=messages&include_values=true',
      },
    ])
  })
})

describe('a fault is told in one sentence with the next step', () => {
  const errors = [
    [190, 463, 'token-expired'],
    [190, 460, 'token-revoked'],
    [190, null, 'token-invalid'],
    [10, null, 'permission-missing'],
    [200, null, 'permission-missing'],
    [2200, null, 'callback-not-verified'],
    [2635, null, 'version-expired'],
    [613, null, 'throttled'],
    [1, null, 'unavailable'],
    [987_654, null, 'unlisted'],
  ] as const

  test.each(errors)('%i/%s is %s', async (code, subcode, reason) => {
    const error = { code, error_subcode: subcode, message: 'Why it was refused' }
    const { result } = await calling((client) => client.unfollowPage(page), [{ error }])
    expect(result).toMatchObject({ kind: 'refused', fault: { reason, code, subcode } })
    if (result.kind === 'done') throw new Error('it was refused')
    expect(result.fault.meaning).toMatch(/^[A-Z]/)
    expect(result.fault.next).toMatch(/^[A-Z].*\.$/)
  })

  test('what was sent never comes back in it, whatever the platform repeats', async () => {
    const message = 'wrong: test-app-secret PAGE_TOKEN_EXAMPLE 7%7Ctest-app-secret'
    const { result } = await calling(
      (client) => client.followersOf(page),
      [{ error: { code: 100, message } }],
    )
    expect(JSON.stringify(result)).not.toMatch(/test-app-secret|PAGE_TOKEN/)
    expect(result).toMatchObject({ kind: 'refused', fault: { reason: 'field-unknown' } })
  })

  test.each([
    ['a page for people', '<html>'],
    ['another shape', '{"data":{}}'],
    ['a list', '[]'],
    ['above a megabyte', `{"data":"${'x'.repeat(1_100_000)}"}`],
  ])('an answer that is %s is unreadable', async (_what, answer) => {
    const { result } = await calling((client) => client.followersOf(page), [answer])
    expect(result).toMatchObject({ kind: 'refused', fault: { reason: 'unreadable', code: null } })
  })

  test('a platform that is not there is told as such, without an address', async () => {
    const client = createSetUpClient({ ...app, baseUrl: await deadUrl() })
    const result = await client.inspect(new Secret('T'))
    expect(result).toMatchObject({
      kind: 'refused',
      fault: { reason: 'not-reached', detail: 'ECONNREFUSED' },
    })
  })

  test('a token that fits no header is refused before anything is sent', async () => {
    const accessToken = new Secret('two\nlines')
    const { seen, result } = await calling((client) =>
      client.unfollowPage({ ...page, accessToken }),
    )
    expect(seen).toEqual([])
    expect(result).toMatchObject({ kind: 'refused', fault: { reason: 'token-invalid' } })
  })
})

test('a version that is none ends the start', () => {
  const wrong = { ...app, version: '21', baseUrl: 'http://localhost' }
  expect(() => createSetUpClient(wrong)).toThrow(/version/)
})

test('calls that share a signal all end with it, also one that has not begun', async () => {
  const stop = new AbortController()
  const asked = Promise.withResolvers<void>()
  let requests = 0
  await using host = await httpStandIn(() => {
    requests += 1
    asked.resolve()
  })
  const client = createSetUpClient({ ...app, baseUrl: host.url, signal: stop.signal })
  const first = client.inspect(new Secret('T'))
  await asked.promise
  stop.abort()
  const refused = { kind: 'refused', fault: { reason: 'not-reached' } }
  expect(await first).toMatchObject(refused)
  expect(await client.subscriptionsOfApp()).toMatchObject(refused)
  expect(requests).toBe(1)
})
