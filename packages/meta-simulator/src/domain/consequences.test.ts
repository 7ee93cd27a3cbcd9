import { expect, test } from 'vitest'

import { ADA, codeOf, NOW_MS, pretendWorld, SHOP } from '../../test/pretend-world.ts'
import { evolve } from './evolve.ts'
import type { PageEvent } from './page-event.ts'
import { actInThread, happenOnPage, type Scene } from './people.ts'
import { defaultSwitches } from './switches.ts'

const OWN_APP = pretendWorld().world.graph.app.appId
const OTHER_APP = '123'
const THREAD_OWNED = '10/2018300'
const RESTRICTED = '10/1893063'

/** A shop that may write to Ada, and what happens to it. */
function shop() {
  const { world, write, call } = pretendWorld()
  write()
  const scene: Scene = { world, switches: defaultSwitches, nowMs: NOW_MS }
  const fold = (decision: ReturnType<typeof happenOnPage>): void => {
    if (decision.outcome === 'refused') throw new Error(decision.reason)
    for (const fact of decision.events) evolve(world, fact)
  }
  const sendTo = (recipient: Readonly<Record<string, string>>): string =>
    codeOf(call({ recipient, message: { text: 'Hello' } }))
  return {
    sendTo,
    send: () => sendTo({ id: ADA }),
    happen: (event: PageEvent, psid: string | null = null) =>
      fold(happenOnPage({ pageId: SHOP, psid, event }, scene)),
    checkBox: (userRef: string) => {
      const act = { kind: 'checkbox-opt-in', userRef } as const
      fold(actInThread({ pageId: SHOP, psid: ADA, act }, scene))
    },
  }
}

test.each(['pass-thread-control', 'take-thread-control'] as const)(
  'after %s only the new owner of the thread can write in it',
  (kind) => {
    const { happen, send } = shop()
    happen({ kind, previousOwnerAppId: null, newOwnerAppId: OTHER_APP }, ADA)
    expect(send()).toBe(THREAD_OWNED)
    happen({ kind, previousOwnerAppId: OTHER_APP, newOwnerAppId: OWN_APP }, ADA)
    expect(send()).toBe('200')
  },
)

test('a page that policy blocks cannot send until it is unblocked; a warning stops nothing', () => {
  const { happen, send } = shop()
  happen({ kind: 'policy-enforcement', action: 'warning', reason: 'r' })
  expect(send()).toBe('200')
  happen({ kind: 'policy-enforcement', action: 'block', reason: 'r' })
  expect(send()).toBe(RESTRICTED)
  happen({ kind: 'policy-enforcement', action: 'warning', reason: 'r' })
  expect(send()).toBe(RESTRICTED)
  happen({ kind: 'policy-enforcement', action: 'unblock' })
  expect(send()).toBe('200')
})

test('a checked box makes its user_ref an address', () => {
  const { checkBox, sendTo } = shop()
  expect(sendTo({ user_ref: 'box-1' })).toBe('100/2018001')
  checkBox('box-1')
  expect(sendTo({ user_ref: 'box-1' })).toBe('200')
  expect(sendTo({ user_ref: 'box-2' })).toBe('100/2018001')
})
