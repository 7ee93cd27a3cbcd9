/** The rules against the stand-in of the platform, through the services' own decisions. */
import { notifyRules, type Rule, type RuleSet, requestRules } from '@otn/policy'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Report, reportTable, stricter, wronglySent } from './agreement/report.ts'
import { runAgreement } from './agreement/run-agreement.ts'
import { STRICTER, UNTOLD } from './agreement/verdicts.ts'

const SITUATIONS = 1_000

describe('a thousand situations, decided by the services and by the simulator', () => {
  let report: Report
  beforeAll(async () => {
    report = await runAgreement({ seed: 6, situations: SITUATIONS })
    console.log(reportTable(report))
  }, 120_000)

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

describe('a rule that is gone is missed', () => {
  test.each([
    ['notify-message-shape', notifyRules],
    ['notify-consent', notifyRules],
    ['request-window-open', requestRules],
  ] as const)('%s [S1-18]', async (id, set: RuleSet<never>) => {
    await without(set, id, async () => {
      const report = await runAgreement({ seed: 6, situations: 200 })
      const isSeen = wronglySent(report, UNTOLD).length + report.mismatches.length > 0
      expect(isSeen).toBe(true)
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
