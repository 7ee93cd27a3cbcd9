import type { SettingFault } from '../settings/read-settings.ts'

/** `wire`: the caller is past its last look and no byte has left yet. */
export type FaultSide = 'before' | 'wire' | 'after'

/** A place in a service at which a test may strike. */
export interface FaultPoint {
  /** The step of the protocol it belongs to. */
  readonly step: string
  readonly sides: readonly FaultSide[]
  /** Whether its operation has an answer that can be lost. */
  readonly canLose: boolean
  /** What is carried out there, for people. */
  readonly what: string
}

export type FaultTable<Name extends string = string> = Readonly<Record<Name, FaultPoint>>

/** `kill` and `freeze` the process; `lose` the answer of what was carried out. */
export type FaultAction = 'kill' | 'freeze' | 'lose'

/** What is wanted at one pass of a point. */
export interface Strike {
  readonly action: FaultAction
  readonly point: string
  /** Null for `lose`. */
  readonly side: FaultSide | null
  /** Counted per point and side since the start of the process, from 1. */
  readonly pass: number
}

const ENV = 'OTN_FAULT_POINTS'
const WISH = /^(kill|freeze|lose):([a-z-]+)(?:\.([a-z]+))?(?:@([1-9]\d{0,8}))?$/

/** Reads `action:point.side@pass`, separated by commas; a fault names the first wrong part. */
export function parseStrikes(
  text: string,
  table: FaultTable,
): { readonly strikes: readonly Strike[] } | { readonly fault: string } {
  const strikes: Strike[] = []
  for (const part of text.split(',').map((wish) => wish.trim())) {
    const strike = strikeOf(part, table)
    if (strike === null) return { fault: `"${part}"` }
    strikes.push(strike)
  }
  return { strikes }
}

/** What is wrong with OTN_FAULT_POINTS in a service with these points. */
export function faultPointFaults(
  { faultPoints }: { readonly faultPoints: string | null },
  table: FaultTable,
): readonly SettingFault[] {
  if (faultPoints === null) return []
  const parsed = parseStrikes(faultPoints, table)
  if ('strikes' in parsed) return []
  const wanted = `action:point.side@pass or lose:point@pass, by commas; points: ${listed(table)}`
  return [{ env: ENV, got: parsed.fault, wanted, example: exampleOf(table) }]
}

function strikeOf(part: string, table: FaultTable): Strike | null {
  const [, action, name = '', side, pass = '1'] = WISH.exec(part) ?? []
  const point = Object.hasOwn(table, name) ? table[name] : undefined
  if (point === undefined) return null
  const found = point.sides.find((known) => known === side)
  const base = { point: name, pass: Number(pass) }
  if (action === 'lose') {
    return point.canLose && side === undefined ? { ...base, action, side: null } : null
  }
  if ((action !== 'kill' && action !== 'freeze') || found === undefined) return null
  return { ...base, action, side: found }
}

function listed(table: FaultTable): string {
  const points = Object.entries(table).map(
    ([name, { sides, canLose }]) =>
      `${name} (${[...sides, ...(canLose ? ['lose'] : [])].join(' ')})`,
  )
  return points.join(', ')
}

function exampleOf(table: FaultTable): string {
  const [name = '', point] = Object.entries(table)[0] ?? []
  return `kill:${name}.${point?.sides[0] ?? ''}@3`
}
