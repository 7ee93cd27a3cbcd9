import type { ConsentWithdrawn } from '@otn/contracts'
import { commandId, type PageScopedUserId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  connectPage,
  type Dispatcher,
  identity,
  openScene,
  PAGE,
  PLANTED,
  type Scene,
  until,
} from './support/scene.ts'

const someone = (): PageScopedUserId => pageScopedUserId(String(Math.floor(Math.random() * 1e12)))

describe('a command and a token', () => {
  let scene: Scene
  let dispatcher: Dispatcher
  beforeAll(async () => {
    scene = await openScene()
    dispatcher = await scene.start()
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  const callsWith = (token: string) => scene.graph.calls.filter((call) => call.token === token)

  test('[S0-15] [S1-24] one message goes out, intended on the log before, told after', async () => {
    const { psid, token, tokenId: id } = await scene.grant()
    const command = await scene.notify({ psid: pageScopedUserId(psid), requestedBy: 'shop' })
    const sent = await scene.ended(command.commandId)
    const types = scene.facts(command.commandId).map(({ type }) => type)
    expect(types).toEqual(['NotificationAttempted', 'NotificationSent'])
    const told = { certainty: 'CONFIRMED', tokenId: id, attempt: 1, requestedBy: 'shop' }
    expect(sent).toMatchObject(told)
    expect(sent.eventId).toBe(identity.event('Final', PAGE, [command.commandId]))
    const [call] = callsWith(token)
    expect(Object.keys(call?.body ?? {})).toEqual(['recipient', 'message'])
    expect(call?.body.recipient).toEqual({ one_time_notif_token: token })
    const metadata = `^otn1\\.${PAGE}\\.${command.commandId}\\.1\\.[\\w-]{11}$`
    expect(call?.body.message).toEqual({
      text: PLANTED.text,
      metadata: expect.stringMatching(new RegExp(metadata)),
    })
    expect(call?.headers.authorization).toBe(`Bearer ${PLANTED.pageToken}`)
    expect(call?.url).toMatch(/^\/v21\.0\/me\/messages\?appsecret_proof=[0-9a-f]{64}$/)
  })

  test.each(['person', 'topic', 'token'] as const)(
    '[S0-02] withdrawn by %s is stopped at the last look, whatever the ledger proposes',
    async (by) => {
      const topic = `t${Math.floor(Math.random() * 1e9)}`
      const psid = String(someone())
      const { token, tokenId: id } = await scene.grant(psid, { topic })
      const person = identity.person(PAGE, pageScopedUserId(psid))
      const whose = { person: { person }, topic: { topic }, token: { tokenId: id } }[by]
      await withdraw(scene, whose)
      const asked = { psid: pageScopedUserId(psid), topic }
      const stopped = await scene.ended((await scene.notify(asked)).commandId)
      const reason = { reason: 'token-withdrawn', tokenReleased: false, tokenId: id }
      expect(stopped).toMatchObject({ type: 'NotificationFailed', ...reason })
      expect(callsWith(token)).toEqual([])
      scene.clock.now += 1
      const later = await scene.grant(psid, { topic })
      const sent = await scene.ended((await scene.notify(asked)).commandId)
      expect(sent).toMatchObject({ type: 'NotificationSent', tokenId: later.tokenId })
    },
  )

  test.each(['token id', 'person'] as const)(
    '[S0-04] [S0-25] of 50 commands for one token at once, by %s, one is sent and 49 are refused',
    async (by) => {
      const { psid, token, tokenId: id } = await scene.grant()
      const who = by === 'person' ? { psid: pageScopedUserId(psid) } : { tokenId: id }
      const commands = await Promise.all(Array.from({ length: 50 }, () => scene.notify(who)))
      const ends = await Promise.all(commands.map((command) => scene.ended(command.commandId)))
      const reasons = Map.groupBy(ends, ({ type, reason }) => reason ?? type)
      expect(reasons.get('NotificationSent')).toHaveLength(1)
      const refused = [...(reasons.get('token-held') ?? []), ...(reasons.get('token-spent') ?? [])]
      expect(refused).toHaveLength(49)
      expect(callsWith(token)).toHaveLength(1)
    },
  )

  test('a command published right after its opt-in finds the token, every time', async () => {
    const rounds = Array.from({ length: 100 }, async () => {
      const { psid } = await scene.grant()
      const command = await scene.notify({ psid: pageScopedUserId(psid) })
      return (await scene.ended(command.commandId)).type
    })
    expect(new Set(await Promise.all(rounds))).toEqual(new Set(['NotificationSent']))
  })

  test('[U2] the same command again has no second effect; another one of its id is rejected', async () => {
    const { psid } = await scene.grant()
    const first = await scene.notify({ psid: pageScopedUserId(psid), requestedAt: 1 })
    await scene.ended(first.commandId)
    const calls = scene.graph.calls.length
    await scene.notify({ ...first, requestedAt: 2 })
    await scene.notify({ ...first, text: 'Something else.' })
    const rejected = await until('the rejection', () =>
      scene.facts(first.commandId).find(({ type }) => type === 'CommandRejected'),
    )
    const [attempted, sent] = scene.facts(first.commandId)
    expect(rejected).toMatchObject({ reason: 'command-id-reused', attempt: 0 })
    expect(rejected?.commandDigest).not.toBe(sent?.commandDigest)
    expect(attempted?.commandDigest).toBe(sent?.commandDigest)
    expect(scene.facts(first.commandId)).toHaveLength(3)
    expect(scene.graph.calls).toHaveLength(calls)
  })

  test('[S1-17] what may not go out is refused with its reason, without a call', async () => {
    const other = await scene.grant(undefined, { topic: 'other-topic' })
    const calls = scene.graph.calls.length
    const rows = [
      [{ psid: someone() }, 'no-live-token'],
      [{ tokenId: tokenId('0'.repeat(32)) }, 'token-unknown'],
      [{ tokenId: other.tokenId }, 'topic-mismatch'],
      [{ psid: pageScopedUserId(other.psid) }, 'no-live-token'],
      [{ psid: someone(), tokenId: other.tokenId }, 'recipient-ambiguous'],
      [{}, 'recipient-missing'],
      [{ psid: someone(), topic: null }, 'topic-missing'],
      [{ psid: someone(), text: 'x'.repeat(2000) }, 'text-too-long'],
      [{ psid: someone(), message: '{"text":"a"}' }, 'content-ambiguous'],
      [{ psid: someone(), route: 'WINDOW' }, 'window-closed'],
      [{ psid: someone(), route: 'TAG', tag: 'HUMAN_AGENT' }, 'tag-not-allowed'],
      [{ psid: someone(), text: null, message: '{"text":1}' }, 'message-invalid'],
      [{ psid: someone(), giveUpAt: scene.clock.now - 1 }, 'gave-up'],
      [{ psid: someone(), pageId: pageId('999') }, 'page-unknown'],
    ] as const
    const reasons = rows.map(async ([values, reason]) => {
      const command = await scene.notify(values)
      const end = await scene.ended(command.commandId)
      expect(end).toMatchObject({ type: 'NotificationFailed', attempt: 0 })
      return [reason, end.reason]
    })
    for (const [wanted, told] of await Promise.all(reasons)) expect(told).toBe(wanted)
    expect(scene.graph.calls).toHaveLength(calls)
  })

  test('bad input ends as a failed fact with a reason and holds up no Kafka partition [D-05, D-07]', async () => {
    const ours = await scene.grant()
    const elsewhere = await scene.grant(someone(), { page: pageId('1001') })
    const calls = scene.graph.calls.length
    const psid = pageScopedUserId(ours.psid)
    const nested = '['.repeat(40_000)
    const rows: readonly (readonly [Parameters<Scene['notify']>[0], string])[] = [
      [{ psid, topic: 'nobody-agreed' }, 'no-live-token'],
      [{ psid, topic: 'Not A Topic' }, 'topic-invalid'],
      [{ psid, topic: 'restock\u0000' }, 'topic-invalid'],
      [{ psid, topic: 't'.repeat(65) }, 'topic-invalid'],
      [{ psid, message: '{"text":"a"}' }, 'content-ambiguous'],
      [{ psid, text: null }, 'content-missing'],
      [{ psid, text: '\u200b' }, 'text-empty'],
      [{ psid, text: 'x'.repeat(500_000) }, 'text-too-long'],
      [{ psid, text: null, message: '{"text":"a","to":"b"}' }, 'message-invalid'],
      [{ psid, text: null, message: '{"text":"\\ud83d"}' }, 'message-invalid'],
      [{ psid, text: null, message: nested }, 'message-invalid'],
      [{ psid, text: null, message: '{"text":"a","metadata":"m"}' }, 'metadata-reserved'],
      [{ psid, text: null, message: '{"attachment":{"type":"pigeon"}}' }, 'message-kind-unknown'],
      [{ psid, route: 'PIGEON' }, 'route-unknown'],
      [{ psid, tag: 'HUMAN_AGENT' }, 'tag-contradicts-route'],
      [{ psid: pageScopedUserId('2000\n') }, 'recipient-invalid'],
      [{ externalUserId: 'a\u0007b' }, 'recipient-invalid'],
      [{ externalUserId: 'u'.repeat(257) }, 'recipient-invalid'],
      [{ externalUserId: 'nobody' }, 'external-user-unknown'],
      [{ tokenId: tokenId(ours.token) }, 'recipient-invalid'],
      [{ tokenId: elsewhere.tokenId }, 'token-unknown'],
      [{ psid: pageScopedUserId(elsewhere.psid) }, 'no-live-token'],
      [{ psid, pageId: pageId('999') }, 'page-unknown'],
      [{ psid, notBefore: scene.clock.now + 9, giveUpAt: scene.clock.now + 8 }, 'gave-up'],
    ]
    const published = await Promise.all(rows.map(([values]) => scene.notify(values)))
    const ends = await Promise.all(published.map(({ commandId: id }) => scene.ended(id)))
    const failed = { type: 'NotificationFailed', attempt: 0 }
    for (const end of ends) expect(end).toMatchObject(failed)
    expect(ends.map(({ reason }) => reason)).toEqual(rows.map(([, reason]) => reason))
    // Behind all of them, one more in each Kafka partition.
    const partitions = (await scene.bus.positions.endOffsets('notify')).length
    const behind = Array.from({ length: partitions }, (_, wanted) => {
      let id = 0
      while (scene.bus.partitionOf('notify', `${PAGE}:behind-${id}`) !== wanted) id += 1
      return commandId(`behind-${id}`)
    })
    await Promise.all(behind.map((id) => scene.notify({ commandId: id, psid: someone() })))
    for (const id of behind)
      expect(await scene.ended(id)).toMatchObject({ reason: 'no-live-token' })
    expect(scene.graph.calls).toHaveLength(calls)
    expect(dispatcher.failures).toEqual([])
    expect(dispatcher.logged()).not.toContain('message.parked')
  })

  test('[U4] a definite refusal of the platform frees the token, and the next command takes it', async () => {
    const { psid, tokenId: id } = await scene.grant()
    const blocked = { code: 551, error_subcode: 1545041, message: 'not available', type: 'X' }
    scene.graph.fate = () => ({ status: 400, error: blocked })
    const refused = await scene.notify({ psid: pageScopedUserId(psid) })
    const told = { type: 'NotificationFailed', reason: 'recipient-unavailable', tokenId: id }
    expect(await scene.ended(refused.commandId)).toMatchObject({
      ...{ ...told, tokenReleased: true, graphCode: 551, graphSubcode: 1545041, attempt: 1 },
    })
    scene.graph.fate = () => 'accept'
    const next = await scene.notify({ psid: pageScopedUserId(psid) })
    expect(await scene.ended(next.commandId)).toMatchObject({
      type: 'NotificationSent',
      tokenId: id,
    })
  })

  test('[S1-04] [S0-17] each page speaks with its own access token and version, to its own persons', async () => {
    const second = pageId('1001')
    await connectPage(scene, second, { token: 'EAAsecondpage', graphVersion: 'v23.0' })
    const psid = '777'
    const granted = await scene.grant(psid, { page: second })
    const elsewhere = await scene.notify({ psid: pageScopedUserId(psid) })
    expect(await scene.ended(elsewhere.commandId)).toMatchObject({ reason: 'no-live-token' })
    const there = await scene.notify({ pageId: second, psid: pageScopedUserId(psid) })
    expect(await scene.ended(there.commandId)).toMatchObject({ tokenId: granted.tokenId })
    const [call] = callsWith(granted.token)
    expect(call?.headers.authorization).toBe('Bearer EAAsecondpage')
    expect(call?.headers['content-type']).toBe('application/json')
    expect(call?.url).toMatch(/^\/v23\.0\/me\/messages\?/)
    const wrongPage = await scene.notify({ tokenId: granted.tokenId })
    expect(await scene.ended(wrongPage.commandId)).toMatchObject({ reason: 'token-unknown' })
  })

  test('each consent is one message: the one that expires first is spent first [S1-13]', async () => {
    const younger = await scene.grant()
    scene.clock.now -= 60_000
    const older = await scene.grant(younger.psid)
    scene.clock.now += 60_000
    const spent: (string | null | undefined)[] = []
    for (const _ of [1, 2, 3]) {
      const command = await scene.notify({ psid: pageScopedUserId(younger.psid) })
      const { tokenId: token, reason } = await scene.ended(command.commandId)
      spent.push(token ?? reason)
    }
    expect(spent).toEqual([older.tokenId, younger.tokenId, 'token-spent'])
  })

  test('what became of a command can be asked at any time', async () => {
    const { psid, tokenId: token } = await scene.grant()
    const { commandId: id } = await scene.notify({ psid: pageScopedUserId(psid) })
    await scene.ended(id)
    const { status, body } = await dispatcher.get(`/v1/pages/${PAGE}/notifications/${id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      state: 'sent',
      attempt: 1,
      tokenId: token,
      certainty: 'CONFIRMED',
    })
    const unknown = await dispatcher.get(`/v1/pages/${PAGE}/notifications/${commandId('none')}`)
    expect(unknown).toMatchObject({ status: 404, body: { code: 'OTN_HTTP_NOT_FOUND' } })
  })
})

/** Tells it as the ledger would, and waits until the dispatcher knows. */
async function withdraw(scene: Scene, whose: Partial<ConsentWithdrawn>): Promise<void> {
  const { now: at } = scene.clock
  const eventId = identity.event('ConsentWithdrawn', PAGE, [JSON.stringify(whose)])
  const about = { pageId: PAGE, eventId, at, withdrawnAt: at, reason: 'token-withdrawn' }
  const value: ConsentWithdrawn = { type: 'ConsentWithdrawn', ...about, ...whose }
  const known = () => scene.db.collection('state').countDocuments({ at: { $exists: true } })
  const before = await known()
  await scene.append('token', [{ key: whose.person ?? 'c:w', record: 'TokenEvent', value }])
  await until('the dispatcher to know of it', async () => (await known()) > before)
}
