/** The rules against the stand-in of the platform, which shares no code with them. */

import { buildPersonSend } from '@otn/graph-api'
import { DAY_MS, HOUR_MS, type PageScopedUserId, pageId, Secret } from '@otn/kernel'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messageTags } from './message-tags.ts'
import { notifyRules } from './notify-rules.ts'
import type { NotifySettings } from './notify-situation.ts'
import { readMessage } from './read-message.ts'
import { evaluate } from './rule.ts'

const SITUATIONS = 1_000
const RETIRED_AT = Date.UTC(2026, 3, 27)
const URL_OF = 'https://shop.example/7.png'
const NEWS = 'NON_PROMOTIONAL_SUBSCRIPTION'
const tags = [...messageTags.keys()]
const settings: NotifySettings = {
  ...{ kindsOff: [], routesOff: [], windowGuard: 'refuse' },
  ...{ personalData: 'flag', sensitiveWords: 'flag' },
  // No page of the stand-in is registered as news.
  tags: tags.filter((tag) => tag !== NEWS).map((tag) => ({ pageId: null, tag })),
}

/** Held back although the stand-in takes it, each by a rule of ours with its reason. */
const STRICTER: Readonly<Record<string, string>> = {
  'notify-tag-allowed': 'inside the window the platform takes a tag that it did not grant',
  'notify-tag-content': 'inside the window the platform takes any message with any tag',
  'notify-tag-reach': 'inside the window a tag has nothing to reach',
  'notify-message-shape': 'members that the platform ignores or fills in',
  'notify-message-kind': 'kinds that are not built here',
}

/** Oldest first: people write in this order, then the clock stands. */
const AGO_MS = [7 * DAY_MS, 7 * DAY_MS - 1, DAY_MS, DAY_MS - 1, HOUR_MS] as const

const length = (max: number) => fc.constantFrom(1, 1, 1, 1, max - 1, max, max, max + 1)
const words = (max: number) => length(max).map((count) => 'x'.repeat(count))
const link = { type: 'web_url', title: 'Shop', url: URL_OF }
const file = fc.record({
  type: fc.constantFrom('image', 'audio', 'video', 'file', 'sticker'),
  payload: fc.constantFrom({ url: URL_OF }, {}, { url: 7 }),
})
const button = fc.oneof(
  words(20).map((title) => ({ ...link, title })),
  words(1000).map((payload) => ({ type: 'postback', title: 'a', payload })),
  fc.constantFrom({ type: 'web_url' }, { type: 'fax', title: 'a' }),
)
const buttons = fc.array(button, { maxLength: 4 })
const payload = fc.oneof(
  fc.record({
    template_type: fc.constant('generic'),
    elements: fc.array(fc.record({ title: words(80), subtitle: words(80), buttons }), {
      maxLength: 11,
      size: 'max',
    }),
  }),
  fc.record({ template_type: fc.constant('button'), text: words(640), buttons }),
  fc.record({
    template_type: fc.constant('media'),
    elements: fc.array(
      fc.constantFrom({ media_type: 'image', url: URL_OF }, { media_type: 'gif', url: URL_OF }),
      { maxLength: 2 },
    ),
  }),
  fc.constantFrom(
    { template_type: 'receipt', recipient_name: 'Ada' },
    { template_type: 'one_time_notif_req', title: 'a', payload: 'b' },
    { template_type: 'coupon' },
  ),
)
const reply = fc.oneof(
  fc.record({ content_type: fc.constant('text'), title: words(20), payload: words(1000) }),
  fc.constantFrom({ content_type: 'user_email' }, { content_type: 'fax' }),
)
const message = fc.oneof(
  fc.record({ text: words(1999) }),
  fc.record({ text: words(5), quick_replies: fc.array(reply, { maxLength: 14, size: 'max' }) }),
  file.map((attachment) => ({ attachment })),
  payload.map((one) => ({ attachment: { type: 'template', payload: one } })),
  fc.constantFrom({}, { text: '' }, { text: 'a', attachment: { type: 'image', payload: {} } }),
)
const situation = fc.record({
  message,
  tag: fc.constantFrom(null, null, null, 'HUMAN_AGENT', 'HUMAN_AGENT', ...tags, 'SALE'),
  /** How long ago the person wrote: around each limit, or never. */
  agoMs: fc.constantFrom(null, ...AGO_MS, HOUR_MS, HOUR_MS),
})

describe.each([
  ['a millisecond before the platform retired three tags', RETIRED_AT - 1],
  ['when it had', RETIRED_AT],
])('%s', (_, nowMs) => {
  let simulator: Simulator
  let page = pageId('')
  const people = new Map<number | null, PageScopedUserId>()
  beforeAll(async () => {
    const clock = { startAtMs: nowMs - AGO_MS[0] - 1, running: false }
    simulator = await startSimulator({ seed: 'judged', clock })
    page = pageId(simulator.pages[0]?.pageId ?? '')
    for (const agoMs of [...AGO_MS, null]) {
      const [person] = simulator.addPeople({ pageId: page, count: 1 })
      const psid = (person?.psid ?? '') as PageScopedUserId
      people.set(agoMs, psid)
      if (agoMs === null) continue
      await simulator.advance(nowMs - agoMs - simulator.nowMs())
      await simulator.act({ pageId: page, psid, act: { kind: 'message', text: 'Hi' } })
    }
    await simulator.advance(nowMs - simulator.nowMs())
  })
  afterAll(() => simulator.close())

  async function send(body: string): Promise<string> {
    const answer = await fetch(`${simulator.graphUrl}/v21.0/me/messages`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${simulator.pages[0]?.accessToken}` },
        'content-type': 'application/json',
      },
      body,
    })
    return answer.status === 200 ? 'taken' : 'refused'
  }

  test('what the stand-in would refuse is not sent; what is held back all the same is by a named rule [S1-37, S1-38, S1-39]', async () => {
    const heldBack = new Map<string, number>()
    const counted = { sent: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(situation, async ({ message: given, tag, agoMs }) => {
        const psid = people.get(agoMs) ?? expect.unreachable()
        const json = JSON.stringify(given)
        const route = tag === null ? ('WINDOW' as const) : ('TAG' as const)
        const windowOpenUntil = agoMs === null ? null : nowMs - agoMs + DAY_MS
        const { refusal } = evaluate(notifyRules, {
          notify: { pageId: page, psid, message: json, route, tag },
          ...{ message: readMessage(json), settings, nowMs, standing: 'good' },
          world: { windowOpenUntil, route, tokenFault: null },
        })
        // A body that cannot be built, because it holds nothing, is sent by nobody.
        if (json === '{}') {
          expect(refusal).not.toBeNull()
          return
        }
        const body = buildPersonSend({ psid: new Secret(psid), tag, content: json, metadata: 'm' })
        const judged = await send(body)
        if (refusal === null) {
          counted.sent += 1
          expect([judged, json, tag, agoMs]).toEqual(['taken', json, tag, agoMs])
          return
        }
        counted.refused += 1
        if (judged === 'taken') {
          heldBack.set(refusal.rule, (heldBack.get(refusal.rule) ?? 0) + 1)
          expect(Object.keys(STRICTER)).toContain(refusal.rule)
        }
      }),
      { numRuns: SITUATIONS / 2 },
    )
    process.stdout.write(`${JSON.stringify({ ...counted, heldBack: [...heldBack] })}\n`)
    expect(Math.min(counted.sent, counted.refused)).toBeGreaterThan(SITUATIONS / 50)
  })
})
