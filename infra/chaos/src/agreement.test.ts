/** The rules against the stand-in of the platform, through the services' own decisions. */
import { DAY_MS } from '@otn/kernel'
import { notifyRules, type Rule, type RuleSet, requestRules } from '@otn/policy'
import { compareRules, replayRules } from '@otn/shadow'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Report, reportTable, stricter, wronglySent } from './agreement/report.ts'
import { runAgreement } from './agreement/run-agreement.ts'
import { SETTINGS } from './agreement/settings.ts'
import { STRICTER, UNTOLD } from './agreement/verdicts.ts'

const SITUATIONS = 1_000

let report: Report
beforeAll(async () => {
  report = await runAgreement({ seed: 6, situations: SITUATIONS })
  console.log(reportTable(report))
}, 240_000)

describe('a thousand situations, decided by the services and by the simulator', () => {
  test('nothing is sent that the simulator refuses for a rule [S0-02, S1-17, S1-19, S1-38]', () => {
    expect(wronglySent(report, UNTOLD)).toEqual([])
    const sent = report.rows.filter(({ what }) => what === 'sent')
    expect(sent.map(({ by }) => by).toSorted()).toEqual([
      ...['message by psid', 'message by token', 'question by psid', 'question by token'],
    ])
  })

  test('what is held back although the simulator takes it is held by a named rule [U6]', () => {
    const rules = stricter(report).map(({ by }) => by.split(' ')[0] ?? '')
    expect(rules.filter((rule) => !Object.hasOwn(STRICTER, rule))).toEqual([])
  })

  test('the dry run tells each call byte by byte, each refusal, each wait [U19]', () => {
    expect(report.mismatches).toEqual([])
    expect(report.foreseen).toBeGreaterThan(SITUATIONS / 5)
  })
})

describe('a shadow of the same log', () => {
  test('decides each command again as the services decided it [U7]', () => {
    const { records } = report
    const { asking: request, notifying: notify } = SETTINGS
    const expiry = { expiryMarginMs: DAY_MS, topicRules: new Map() }
    const rules = { notify, request, without: new Set<string>(), ...expiry }
    const today = replayRules(records, { rules, payloadOf: () => null, inForce: null })
    const always = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }
    const { commands, unexplained, gone } = compareRules(today, today, always)
    expect([unexplained, gone]).toEqual([[], 0])
    expect(commands).toBeGreaterThan(SITUATIONS)
  })
})

describe('a rule that is gone is missed', () => {
  test.each([
    ['notify-message-shape', notifyRules],
    ['request-window-open', requestRules],
  ] as const)('%s [S1-18]', async (id, set: RuleSet<never>) => {
    await without(set, id, async () => {
      const judged = await runAgreement({ seed: 6, situations: 150 })
      expect(wronglySent(judged, UNTOLD)).not.toEqual([])
    })
  })
})

/** Runs without one rule of a set: what nobody can do but a test. */
async function without(
  { rules }: RuleSet<never>,
  id: string,
  run: () => Promise<void>,
): Promise<void> {
  const list = rules as Rule<never>[]
  const index = list.findIndex((rule) => rule.id === id)
  const gone = list.splice(index, 1)
  try {
    await run()
  } finally {
    list.splice(index, 0, ...gone)
  }
}
