import { describe, expect, test } from 'vitest'

import { ADA, NOW_MS, OTHER, pretendWorld, SHOP } from '../../test/pretend-world.ts'
import { actInThread, type Scene } from './people.ts'
import type { PersonAct } from './person-act.ts'
import { defaultSwitches } from './switches.ts'
import type { World } from './world.ts'

const scene = (world: World): Scene => ({ world, switches: defaultSwitches, nowMs: NOW_MS })

describe('the 24 h window', () => {
  const acts: readonly (readonly [string, PersonAct, boolean])[] = [
    ['a message', { kind: 'message', mid: 'm', text: 'Hi' }, true],
    ['a postback', { kind: 'postback', mid: 'm', title: 'Go', payload: 'p' }, true],
    ['a reaction', reaction('react'), true],
    ['a reaction taken back', reaction('unreact'), false],
    ['reading', { kind: 'read', watermarkMs: 1 }, false],
    ['receiving', { kind: 'delivery', mids: [], watermarkMs: 1 }, false],
  ]
  test.each(acts)('after %s: opened = %3$s [S1-21]', (_what, act, opensWindow) => {
    const { world } = pretendWorld()
    const decision = actInThread({ pageId: SHOP, psid: ADA, act }, scene(world))
    expect(decision).toMatchObject({ outcome: 'accepted', events: [{ opensWindow }] })
  })

  test('is for people whom the page knows', () => {
    const { world } = pretendWorld()
    const act: PersonAct = { kind: 'read', watermarkMs: 1 }
    const reasonAt = (pageId: string, psid: string) =>
      actInThread({ pageId, psid, act }, scene(world))
    expect(reasonAt(SHOP, '9')).toMatchObject({ reason: 'person-unknown' })
    expect(reasonAt(OTHER, ADA)).toMatchObject({ reason: 'person-unknown' })
    expect(reasonAt('9', ADA)).toMatchObject({ reason: 'page-unknown' })
  })
})

function reaction(action: 'react' | 'unreact'): PersonAct {
  return { kind: 'reaction', mid: 'm', reaction: 'love', emoji: '❤', action }
}
