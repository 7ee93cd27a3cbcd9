/** What the hidden truth says of a campaign: each person once, nobody missed, pauses kept. */
import type { Truth } from '@otn/meta-simulator'
import type { CampaignOptions } from './arguments.ts'
import type { GrantedPerson } from './grant-all.ts'
import type { Counts, Plan } from './steer.ts'

export interface CampaignReport {
  readonly tokens: number
  readonly pages: number
  readonly planned: number
  readonly delivered: number
  readonly twice: number
  readonly missed: number
  readonly strangers: number
  readonly inDoubt: number
  readonly failed: number
  readonly kills: number
  /** Calls that began while everything was paused, of each pause. */
  readonly pauses: readonly number[]
  readonly seconds: number
  readonly perSecond: number
  readonly findings: readonly string[]
}

interface Drilled {
  readonly options: CampaignOptions
  readonly granted: readonly GrantedPerson[]
  readonly planned: readonly Plan[]
  readonly counts: readonly Counts[]
  readonly pauses: readonly number[]
  readonly seconds: number
  readonly kills: number
  readonly findings: readonly string[]
}

export function judge({ deliveries }: Pick<Truth, 'deliveries'>, drilled: Drilled): CampaignReport {
  const { granted, planned, counts, pauses, seconds, kills, findings } = drilled
  const times = new Map<string, number>(granted.map(({ page, psid }) => [`${page}:${psid}`, 0]))
  let strangers = 0
  for (const { pageId, psid } of deliveries) {
    const known = times.get(`${pageId}:${psid}`)
    if (known === undefined) strangers += 1
    else times.set(`${pageId}:${psid}`, known + 1)
  }
  const all = [...times.values()]
  const sum = (of: (one: Counts) => number) => counts.reduce((total, one) => total + of(one), 0)
  return {
    ...{ tokens: granted.length, pages: counts.length, kills, pauses, findings, strangers },
    planned: planned.reduce((total, { persons }) => total + persons, 0),
    delivered: deliveries.length,
    twice: all.filter((count) => count > 1).length,
    missed: all.filter((count) => count === 0).length,
    inDoubt: sum(({ inDoubt }) => inDoubt),
    failed: sum(({ failed }) => failed),
    seconds: Math.round(seconds),
    perSecond: Math.round(deliveries.length / seconds),
  }
}

export function isKept(report: CampaignReport): boolean {
  const { twice, missed, strangers, pauses, failed, findings } = report
  const areKept = pauses.every((begun) => begun === 0)
  return twice + missed + strangers + failed === 0 && areKept && findings.length === 0
}

export function tableOf(report: CampaignReport): readonly string[] {
  const { pauses, findings, ...numbers } = report
  const rows = Object.entries(numbers).map(([name, value]) => `  ${name.padEnd(12)} ${value}`)
  const verdict = isKept(report) ? '✔ each person once, none missed, pauses kept' : '✖ not kept'
  return [...rows, `  ${'pauses'.padEnd(12)} ${pauses.join(', ')}`, ...findings, verdict]
}
