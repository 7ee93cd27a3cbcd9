import { DAY_MS, HOUR_MS } from '@otn/kernel'
import { routeAsked } from '@otn/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { after, command, fact, NOW, T1 } from '../../test/support/command-facts.ts'
import { evolve } from './command.ts'
import type { FactDraft } from './fact-draft.ts'
import { routeTaken } from './route.ts'

const open = {
  ...{ command: command(), windowOpenUntil: NOW + HOUR_MS, nowMs: NOW, routesOff: [] },
}
const taken = (more: Partial<Parameters<typeof routeTaken>[1]> = {}, named: object = {}) =>
  routeTaken({ route: 'AUTO', ...named }, { ...open, ...more })

describe('the way of a message', () => {
  test('is the one it asks for; words of no route ask for TOKEN', () => {
    for (const route of ['TOKEN', 'WINDOW', 'TAG']) expect(taken({}, { route })).toBe(route)
    expect(['X', null, undefined].map(routeAsked)).toEqual(['TOKEN', 'TOKEN', 'TOKEN'])
  })

  test('AUTO spends no token while the window is open, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (offMs) => {
        const route = taken({ nowMs: NOW + HOUR_MS + offMs })
        expect(route).toBe(offMs < 0 ? 'WINDOW' : 'TOKEN')
      }),
    )
    expect(taken({ windowOpenUntil: null })).toBe('TOKEN')
  })

  test('AUTO spends one where it is told to: the token is named, or WINDOW is switched off', () => {
    expect(taken({}, { tokenId: T1 })).toBe('TOKEN')
    expect(taken({ routesOff: ['WINDOW'] })).toBe('TOKEN')
  })

  test('AUTO goes by token once the platform called the window closed, until it opens anew', () => {
    const refused: FactDraft = {
      ...{ type: 'NotificationScheduled', attempt: 1, reason: 'window-closed' },
      ...{ dueAt: NOW, tokenReleased: null },
    }
    expect(taken({ command: after(refused) })).toBe('TOKEN')
    const openedSince = NOW + 1 + DAY_MS
    expect(taken({ command: after(refused), windowOpenUntil: openedSince })).toBe('WINDOW')
    // The same words of a call by token say nothing of the window.
    const byToken = { ...refused, tokenId: T1 }
    expect(taken({ command: after(byToken) })).toBe('WINDOW')
  })
})

describe('on the log', () => {
  const auto = command({ route: 'AUTO' })
  const drafts: readonly FactDraft[] = [
    ...([{ type: 'NotificationAttempted', attempt: 1 }] as const),
    {
      ...{ type: 'NotificationScheduled', attempt: 1, reason: 'window-closed' },
      ...{ dueAt: NOW, tokenReleased: null },
    },
    { type: 'NotificationAttempted', attempt: 2, tokenId: T1 },
    { type: 'NotificationInDoubt', attempt: 2, reason: 'outcome-unknown' },
    { type: 'NotificationFailed', attempt: 0, reason: 'gave-up', tokenReleased: null },
  ]

  test('each call says how it went, and what was asked for', () => {
    const told = drafts.reduce(
      ({ known, facts }, draft) => {
        const event = fact(known, draft)
        return { known: evolve(known, event), facts: [...facts, event] }
      },
      { known: auto, facts: [] as ReturnType<typeof fact>[] },
    )
    expect(told.facts.map(({ route, commandRoute }) => [route, commandRoute ?? null])).toEqual([
      ...[
        ['WINDOW', 'AUTO'],
        ['WINDOW', 'AUTO'],
      ],
      ...[
        ['TOKEN', 'AUTO'],
        ['TOKEN', 'AUTO'],
        ['AUTO', null],
      ],
    ])
  })

  test('any one of its facts tells what a command asked for', () => {
    for (const route of ['TOKEN', 'WINDOW', 'TAG', 'AUTO'] as const) {
      for (const draft of drafts) {
        expect(evolve(null, fact(command({ route }), draft)).route).toBe(route)
      }
    }
  })
})
