import { requirements } from '@otn/seeds'
import { describe, expect, test } from 'vitest'
import { notifyRules } from './notify-rules.ts'
import { rulesVersionOf } from './rule.ts'

describe('the rules of a notification', () => {
  test('rest on a requirement each, in its words [S1-18]', () => {
    for (const { id, source } of notifyRules.rules) {
      const row = requirements.find((requirement) => requirement.id === source.id)
      expect([id, source.sentence]).toEqual([id, row?.sentence])
    }
    const ids = notifyRules.rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('are the ones that are known by this version', () => {
    // Whoever changes what a rule decides or says raises its version, and with it this one.
    expect(rulesVersionOf(notifyRules)).toBe('notify/16')
    expect(notifyRules.rules).toHaveLength(16)
  })
})
