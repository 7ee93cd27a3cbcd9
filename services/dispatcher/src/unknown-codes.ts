import { Counter, type Metrics } from '@otn/runtime'

/** Codes come from outside: no answer may make a metric grow without end. */
const PAIRS_MAX = 100
const OTHER = { code: 'other', subcode: 'other' } as const

interface CodePair {
  readonly graphCode: number | null
  readonly graphSubcode: number | null
}

/** Counts answers with codes that the table does not list, so that somebody adds a row. */
export function countUnknownCodes(metrics: Metrics): (pair: CodePair) => void {
  const counter = new Counter({
    name: 'otn_graph_unknown_codes_total',
    help: `Answers with a Graph code the table does not list; beyond ${PAIRS_MAX} codes "other".`,
    labelNames: ['code', 'subcode'],
    registers: [metrics],
  })
  const seen = new Set<string>()
  return ({ graphCode, graphSubcode }) => {
    const pair = { code: String(graphCode ?? 'none'), subcode: String(graphSubcode ?? 'none') }
    const key = `${pair.code}/${pair.subcode}`
    if (seen.size < PAIRS_MAX) seen.add(key)
    counter.inc(seen.has(key) ? pair : OTHER)
  }
}
