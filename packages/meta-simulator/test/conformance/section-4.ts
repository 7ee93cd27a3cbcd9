/** Section 4 of the reference: rate limits. */
import { DAY_MS, HOUR_MS } from '@otn/kernel'
import { expect } from 'vitest'
import { text, toPerson, withToken } from './bodies.ts'
import type { Meta } from './meta.ts'
import { leftOut, type Row, shown } from './row.ts'

/** How many of so many calls are accepted, and the last answer. */
async function burst(count: number, call: () => ReturnType<Meta['send']>) {
  let accepted = 0
  for (let done = 0; done < count; done += 1) {
    if ((await call()).code === 'ok') accepted += 1
  }
  return { accepted, last: await call() }
}

const video = { attachment: { type: 'video', payload: { url: 'https://example.com/v' } } }

export const section4: readonly Row[] = [
  shown(
    ['4-messenger-day', 'D', 'a page has 200 calls for each engaged user in a rolling 24 h'],
    async ({ psid, send, write, pass }) => {
      await write()
      const { accepted, last } = await burst(200, () => send(toPerson(psid)))
      expect([accepted, last.code]).toEqual([200, '80006'])
      await pass(DAY_MS + HOUR_MS)
      await write()
      expect((await send(toPerson(psid))).code).toBe('ok')
    },
    { limits: { engagedUsers: 1 } },
  ),
  shown(
    ['4-text-second', 'D', 'a page sends 300 texts a second'],
    async ({ psid, send, write, pass }) => {
      await write()
      const { accepted, last } = await burst(300, () => send(toPerson(psid)))
      expect([accepted, last.code]).toEqual([300, '613'])
      await pass(2_000)
      expect((await send(toPerson(psid))).code).toBe('ok')
    },
    { limits: {} },
  ),
  shown(
    ['4-media-second', 'D', 'a page sends 10 audio or video messages a second, texts apart'],
    async ({ psid, send, write }) => {
      await write()
      const { accepted, last } = await burst(10, () => send(toPerson(psid, video)))
      expect([accepted, last.code]).toEqual([10, '613'])
      expect((await send(toPerson(psid))).code).toBe('ok')
    },
    { limits: { textCallsPerSecond: 1 } },
  ),
  shown(
    ['4-thread', 'D', 'one thread takes only so many messages'],
    async ({ psid, send, write, token }) => {
      await write()
      const { accepted, last } = await burst(2, () => send(toPerson(psid)))
      expect([accepted, last.code]).toEqual([2, '613'])
      expect((await send(withToken(await token(), text))).code).toBe('613')
    },
    { limits: { threadCallsPerMinute: 2 } },
  ),
  shown(
    ['4-platform', 'D', 'an app has 200 calls for each daily user in a rolling hour'],
    async ({ call, simulator, pass }) => {
      const { appId, appSecret } = simulator
      const own = { token: `${appId}|${appSecret}` }
      const { accepted, last } = await burst(200, () => call(`/v21.0/${appId}/subscriptions`, own))
      expect([accepted, last.code]).toEqual([200, '4'])
      expect(JSON.parse(last.headers.get('x-app-usage') ?? '')).toMatchObject({ call_count: 100 })
      await pass(HOUR_MS + 120_000)
      expect((await call(`/v21.0/${appId}/subscriptions`, own)).code).toBe('ok')
    },
    { limits: { dailyUsers: 1 } },
  ),
  shown(
    ['4-user', 'D', 'the token of a user has a limit of its own'],
    async ({ call, simulator }) => {
      const { accessToken: token } = simulator.issueAccessToken({ kind: 'user' })
      const { accepted, last } = await burst(2, () => call('/v21.0/me/accounts', { token }))
      expect([accepted, last.code]).toEqual([2, '17'])
    },
    { limits: { userCallsPerHour: 2 } },
  ),
  shown(
    ['4-pages', 'D', 'other calls with a page token count for the Pages API: 4800 a user and day'],
    async ({ call }) => {
      const { accepted, last } = await burst(48, () => call('/v21.0/me'))
      expect([accepted, last.code]).toEqual([48, '32'])
      const usage = last.headers.get('x-business-use-case-usage') ?? ''
      expect(usage).toContain('"type":"pages"')
    },
    { limits: { engagedUsers: 0.01 } },
  ),
  shown(
    ['4-headers', 'D/O', 'usage comes in percent, time to regain access in minutes'],
    async ({ psid, pageId, send, write, pass }) => {
      await write()
      const first = await send(toPerson(psid))
      const usage = { call_count: 50, total_cputime: 25, total_time: 25 }
      expect(JSON.parse(first.headers.get('x-page-usage') ?? '')).toEqual(usage)
      await pass(HOUR_MS)
      await send(toPerson(psid))
      const { code, headers } = await send(toPerson(psid))
      expect(code).toBe('80006')
      const [bucket] = JSON.parse(headers.get('x-business-use-case-usage') ?? '')[pageId]
      expect(bucket).toMatchObject({ type: 'messenger', call_count: 100 })
      const hours = bucket.estimated_time_to_regain_access / 60
      expect(hours).toBeGreaterThan(22.9)
      expect(hours).toBeLessThan(23.2)
    },
    { limits: { engagedUsers: 0.01 } },
  ),
  shown(
    ['4-headers-later', 'O', 'usage headers come once enough calls were made'],
    async ({ send, token }) => {
      const { headers } = await send(withToken(await token()))
      expect(headers.get('x-business-use-case-usage')).toBeNull()
    },
    { limits: {} },
  ),
  leftOut(['4-conversations', 'D', '2 reads a second'], 'no conversations API stands here'),
  leftOut(['4-private-replies', 'D', '750 an hour'], 'private replies are no part of this system'),
  leftOut(['4-inbox', 'D', 'over 40 a second the inbox stops'], 'no inbox stands here'),
]
