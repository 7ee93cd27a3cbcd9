import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Meta, startMeta } from '../../test/conformance/meta.ts'

let meta: Meta
beforeEach(async () => {
  meta = await startMeta()
})
afterEach(() => meta.close())

describe('the control side', () => {
  test.each([
    ['POST', '/_sim/access-tokens', { kind: 'page', pageId: '9' }, 404, /pages/],
    ['POST', '/_sim/access-tokens', { kind: 'robot' }, 400, /kind/],
    ['POST', '/_sim/access-tokens/trouble', { accessToken: 'x', trouble: 'tired' }, 400, /trouble/],
    ['POST', '/_sim/standing', { pageId: '9', standing: 'good' }, 404, /pageId/],
    ['POST', '/_sim/thread-owner', { pageId: '9', psid: '1', appId: '7' }, 404, /pageId/],
    ['POST', '/_sim/addresses', { pageId: '9', psid: '1', form: 'email', value: 'a' }, 400, /form/],
    ['PUT', '/_sim/limits', { engagedUsers: 0 }, 400, /engagedUsers/],
    ['POST', '/_sim/deletion', { url: 'http://127.0.0.1:1/', userId: '1' }, 409, /nobody answers/],
    ['POST', '/_sim/knobs', { name: 'bad-luck' }, 400, /name: must be of .*no-answer-at-all/],
  ])('says what is wrong with %s %s %j', async (method, path, json, status, detail) => {
    const answer = await meta.control(method, path, json)
    expect(answer.status).toBe(status)
    expect(answer.body.detail).toMatch(detail)
  })

  test('shows and turns limits at any time', async () => {
    expect((await meta.control('GET', '/_sim/limits')).body).toEqual({ limits: null })
    const { body } = await meta.control('PUT', '/_sim/limits', { textCallsPerSecond: 1 })
    expect(body.limits).toMatchObject({ textCallsPerSecond: 1, mediaCallsPerSecond: 10 })
    await meta.write()
    const send = async () =>
      (await meta.send({ recipient: { id: meta.psid }, message: { text: 'x' } })).code
    expect([await send(), await send()]).toEqual(['ok', '613'])
    expect((await meta.control('DELETE', '/_sim/limits')).body).toEqual({ limits: null })
    expect([await send(), await send()]).toEqual(['ok', 'ok'])
  })

  test('shows which fields of which page are followed', async () => {
    const query = { subscribed_fields: 'messages' }
    await meta.call('/v21.0/me/subscribed_apps', { method: 'POST', query })
    const { body } = await meta.control('GET', '/_sim/following')
    expect(body).toMatchObject({
      app: null,
      pages: [
        { pageId: meta.pageId, followed: true, fields: ['messages'] },
        { pageId: meta.otherPageId, followed: true, fields: null },
        { followed: true, fields: null },
      ],
    })
  })
})

test('a deletion is asked for with a request that the app secret signs', async () => {
  let form = ''
  const callback = createServer(async (request, response) => {
    for await (const chunk of request) form += String(chunk)
    response.end('{"url":"https://example.com/d/1","confirmation_code":"1"}')
  })
  const port = await new Promise<number>((resolve) => {
    callback.listen(0, '127.0.0.1', () => {
      const at = callback.address()
      resolve(typeof at === 'object' && at !== null ? at.port : 0)
    })
  })
  const url = `http://127.0.0.1:${port}/deletion`
  const { body } = await meta.control('POST', '/_sim/deletion', { url, userId: '218471' })
  callback.close()
  expect(body).toMatchObject({ status: 200, body: expect.stringContaining('confirmation_code') })
  const signed = new URLSearchParams(form).get('signed_request') ?? ''
  const [signature, payload = ''] = signed.split('.')
  const key = meta.simulator.appSecret
  expect(signature).toBe(createHmac('sha256', key).update(payload).digest('base64url'))
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    user_id: '218471',
    algorithm: 'HMAC-SHA256',
  })
})

test('a restart keeps callback, fields, credentials, standings and owners', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otn-graph-journal-'))
  const options = { journalFile: join(folder, 'facts.ndjson') }
  const first = await startMeta(options)
  const { pageId, psid } = first
  const { url } = await first.receiver()
  await first.simulator.registerWebhook({ callbackUrl: url })
  const query = { subscribed_fields: 'messages' }
  await first.call('/v21.0/me/subscribed_apps', { method: 'POST', query })
  const { accessToken } = first.simulator.issueAccessToken({ kind: 'page', pageId })
  first.simulator.changeAccessToken({ accessToken, trouble: 'checkpoint' })
  first.simulator.setStanding({ pageId, standing: 'restricted' })
  first.simulator.setThreadOwner({ pageId, psid, appId: '77' })
  const following = first.simulator.following()
  await first.close()
  const second = await startMeta(options)
  expect(second.simulator.following()).toEqual(following)
  expect(second.simulator.webhook().callbackUrl).toBe(url)
  expect((await second.call('/v21.0/me', { token: accessToken })).code).toBe('190/459')
  expect((await second.send({ recipient: { id: psid }, message: { text: 'x' } })).code).toBe(
    '10/1893063',
  )
  const owner = await second.call('/v21.0/me/thread_owner', { query: { recipient: psid } })
  expect(owner.text).toContain('"app_id":"77"')
  await second.close()
  rmSync(folder, { recursive: true })
})

test('another app that follows a page is listed beside ours, and without it [S1-42]', async () => {
  const meta = await startMeta()
  const { pageId } = meta
  meta.simulator.setOtherFollowers({ pageId, appIds: ['4711'] })
  const both = await meta.call(`/v21.0/${pageId}/subscribed_apps`)
  expect(both.text).toContain('"id":"4711"')
  await meta.call(`/v21.0/${pageId}/subscribed_apps`, { method: 'DELETE' })
  const alone = JSON.parse((await meta.call(`/v21.0/${pageId}/subscribed_apps`)).text)
  expect(alone.data.map(({ id }: { readonly id: string }) => id)).toEqual(['4711'])
  await meta.close()
})
