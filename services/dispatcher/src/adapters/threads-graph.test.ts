import { createGraphClient } from '@otn/graph-api'
import { HOUR_MS, pageId, Secret } from '@otn/kernel'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { createVault, parseMasterKeys } from '@otn/vault'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identity, THREADS } from '../../test/support/command-facts.ts'
import { createThreads } from './threads-graph.ts'

const INBOX = '263902037430900'

describe('a thread that another app owns', () => {
  let meta: Simulator
  let psid = ''
  beforeAll(async () => {
    meta = await startSimulator()
    psid = (await control('people', { pageId: page().pageId, count: 1 })).people[0].psid
    await control('act', { pageId: page().pageId, psid, act: { kind: 'message', text: 'Hi' } })
  })
  afterAll(() => meta.close())

  const page = () => meta.pages[0] ?? { pageId: '', accessToken: '' }
  // biome-ignore lint/suspicious/noExplicitAny: answers are read member by member
  const control = async (path: string, body: object): Promise<any> => {
    const answer = await fetch(`${meta.simulatorUrl}/_sim/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return answer.json()
  }
  /** Another app does it; the webhook goes to nobody here. */
  const handover = (event: object) =>
    control('event', { pageId: page().pageId, psid, event: { metadata: 'm', ...event } })
  const graph = async (path: string, body?: object) => {
    const answer = await fetch(`${meta.graphUrl}/v21.0/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...{ authorization: `Bearer ${page().accessToken}`, 'content-type': 'application/json' },
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const { error, data } = (await answer.json()) as any
    return error ? `${error.code}/${error.error_subcode}` : (data?.[0]?.thread_owner.app_id ?? 'ok')
  }
  const owner = () => graph(`${page().pageId}/thread_owner?recipient=${psid}`)
  const send = () => graph('me/messages', { recipient: { id: psid }, message: { text: 'x' } })

  test('is asked for, sent to once it is ours, and given back [S1-08]', async () => {
    const parsed = parseMasterKeys(`k1:${Buffer.alloc(32, 7).toString('base64')}`)
    if (!('keys' in parsed)) throw new Error(parsed.fault)
    const vault = createVault(parsed.keys)
    const id = pageId(page().pageId)
    const eventId = identity.event('PageConnected', id, ['1'])
    const context = { record: 'PageEvent', eventId, owner: id }
    const sealed = vault.seal({ accessToken: page().accessToken }, context)
    const connection = { pageId: id, eventId, graphVersion: null, ...sealed }
    const client = createGraphClient({ baseUrl: meta.graphUrl, connections: 1 })
    const secret = { vault, version: 'v21.0', appSecret: new Secret(meta.appSecret) }
    const threads = createThreads({ client, ...secret, settings: THREADS })
    const thread = { connection, psid: new Secret(psid) }

    const passed = { kind: 'pass-thread-control', previousOwnerAppId: null, newOwnerAppId: INBOX }
    await handover(passed)
    expect([await owner(), await send()]).toEqual([INBOX, '10/2018300'])
    // A wish moves nothing by itself, and what is not ours cannot be given up.
    expect([await threads.request(thread), await owner()]).toEqual([true, INBOX])
    expect([await threads.release(thread), await owner()]).toEqual([false, INBOX])
    const back = { previousOwnerAppId: INBOX, newOwnerAppId: meta.appId }
    await handover({ kind: 'pass-thread-control', ...back })
    expect([await owner(), await send()]).toEqual([meta.appId, 'ok'])
    expect([await threads.release(thread), await owner()]).toEqual([true, 'ok'])
    // Control that nobody extends ends after a day, and no webhook tells.
    await handover(passed)
    await meta.advance(24 * HOUR_MS)
    expect(await owner()).toBe('ok')
    await client.close()
  })
})
