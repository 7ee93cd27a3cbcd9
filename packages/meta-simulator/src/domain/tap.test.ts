import { DAY_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'

import { ADA, NOW_MS, OTHER, pretendWorld, SHOP, TOKEN } from '../../test/pretend-world.ts'
import { evolve, type GrowingWorld } from './evolve.ts'
import { changeThread, type Scene, type ThreadAct } from './people.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { tap } from './tap.ts'
import { threadOf, type World } from './world.ts'

const fresh = { token: 'fresh-token', psid: '2999' }
const scene = (world: World, switches: Partial<Switches> = {}, nowMs = NOW_MS): Scene => ({
  world,
  switches: { ...defaultSwitches, ...switches },
  nowMs,
})

function askedWorld(): GrowingWorld {
  const pretend = pretendWorld()
  pretend.write()
  const payload = { template_type: 'one_time_notif_req', title: 'Tell you?', payload: 'otn1:a' }
  const message = { attachment: { type: 'template', payload } }
  pretend.call({ recipient: { id: ADA }, message })
  return pretend.world
}

function tapIn(world: GrowingWorld, switches: Partial<Switches> = {}, nowMs = NOW_MS) {
  const decision = tap({ pageId: SHOP, fresh }, scene(world, switches, nowMs))
  if (decision.outcome === 'accepted') for (const fact of decision.events) evolve(world, fact)
  return decision
}

function change(world: GrowingWorld, act: ThreadAct) {
  const decision = changeThread({ pageId: SHOP, psid: ADA, act }, scene(world))
  if (decision.outcome === 'accepted') for (const fact of decision.events) evolve(world, fact)
  return decision
}

describe('a tap', () => {
  test('grants a token for the request that was shown [S0-14]', () => {
    const decision = tap({ pageId: SHOP, fresh }, scene(askedWorld()))
    expect(decision).toMatchObject({
      outcome: 'accepted',
      events: [
        {
          type: 'TokenIssued',
          requestMid: 'm_1',
          opensWindow: false,
          issued: { token: 'fresh-token', pageId: SHOP, psid: ADA, payload: 'otn1:a' },
        },
      ],
    })
  })

  test('needs a request, unless its payload or token is given', () => {
    const { world } = pretendWorld()
    expect(tap({ pageId: SHOP, fresh }, scene(world))).toMatchObject({ reason: 'request-missing' })
    expect(tap({ pageId: SHOP, psid: '777', payload: 'x', fresh }, scene(world))).toMatchObject({
      outcome: 'accepted',
      events: [
        { type: 'PersonJoined', person: { psid: '777' } },
        { type: 'TokenIssued', issued: { token: 'fresh-token', psid: '777', payload: 'x' } },
      ],
    })
  })

  test('with a token that exists repeats its webhook and changes nothing else', () => {
    const { world, issue } = pretendWorld()
    issue()
    const again = tap({ pageId: SHOP, token: TOKEN, fresh }, scene(world))
    expect(again).toMatchObject({
      outcome: 'accepted',
      events: [{ issued: { token: TOKEN, psid: ADA, payload: 'p', grantedAtMs: NOW_MS } }],
    })
    const others = [
      { pageId: OTHER, token: TOKEN },
      { pageId: SHOP, token: TOKEN, psid: '9' },
      { pageId: SHOP, token: TOKEN, payload: 'other' },
    ]
    for (const other of others) {
      expect(tap({ ...other, fresh }, scene(world))).toMatchObject({ reason: 'token-taken' })
    }
  })

  test('opens the window only where the switch says so [S1-21]', () => {
    const switched = scene(askedWorld(), { tapOpensWindow: true })
    expect(tap({ pageId: SHOP, fresh }, switched)).toMatchObject({
      events: [{ opensWindow: true }],
    })
  })

  test('happens on a page that exists', () => {
    const { world } = pretendWorld()
    expect(tap({ pageId: '1', fresh }, scene(world))).toMatchObject({ reason: 'page-unknown' })
  })
})

describe('a second tap, days later', () => {
  const laterMs = NOW_MS + 3 * DAY_MS

  test('is refused by default: the button is gone', () => {
    const world = askedWorld()
    tapIn(world)
    expect(tapIn(world)).toMatchObject({ outcome: 'refused', reason: 'request-tapped' })
    expect(world.tokens.size).toBe(1)
  })

  test('gives another token, or tells of the same one again, where the switch says so', () => {
    const world = askedWorld()
    tapIn(world)
    const [first] = world.tokens.keys()
    const same = tapIn(world, { secondTap: 'same-token' }, laterMs)
    expect(same).toMatchObject({ events: [{ issued: { token: first, grantedAtMs: laterMs } }] })
    expect([...world.tokens.values()]).toMatchObject([{ token: first, grantedAtMs: NOW_MS }])
    const decision = tap(
      { pageId: SHOP, fresh: { ...fresh, token: 'second' } },
      scene(world, { secondTap: 'new-token' }, laterMs),
    )
    expect(decision).toMatchObject({ events: [{ issued: { token: 'second', payload: 'otn1:a' } }] })
  })
})

describe('a person who', () => {
  test('blocks the page can neither write nor tap until it is unblocked', () => {
    const world = askedWorld()
    expect(change(world, 'block')).toMatchObject({ events: [{ type: 'PersonBlocked' }] })
    expect(threadOf(world, SHOP, ADA)?.blocked).toBe(true)
    expect(tapIn(world)).toMatchObject({ reason: 'page-blocked' })
    change(world, 'unblock')
    expect(tapIn(world)).toMatchObject({ outcome: 'accepted' })
  })

  test('deletes the chat loses the card for good, and has a chat again after writing', () => {
    const world = askedWorld()
    change(world, 'delete-chat')
    expect(threadOf(world, SHOP, ADA)?.deleted).toBe(true)
    expect(tapIn(world)).toMatchObject({ reason: 'request-gone' })
    const act = { kind: 'message', mid: 'm_9', text: 'Hi' } as const
    const at = { pageId: SHOP, psid: ADA, atMs: NOW_MS }
    evolve(world, { type: 'PersonActed', ...at, act, opensWindow: true })
    expect(threadOf(world, SHOP, ADA)?.deleted).toBe(false)
    expect(tapIn(world)).toMatchObject({ reason: 'request-gone' })
  })

  test('stops is stopped until they resume', () => {
    const world = askedWorld()
    change(world, 'stop')
    expect(threadOf(world, SHOP, ADA)?.stopped).toBe(true)
    change(world, 'resume')
    expect(threadOf(world, SHOP, ADA)?.stopped).toBe(false)
  })

  test.each(['unblock', 'resume'] as const)('does nothing new (%s) makes nothing happen', (act) => {
    expect(change(askedWorld(), act)).toMatchObject({ outcome: 'accepted', events: [] })
  })
})
