/** What many worlds came to, in numbers that can be added up and kept as JSON. */
import { FAULT_KINDS, type FaultKind } from './faults.ts'
import { COLUMNS, type Column, RULES } from './rules.ts'
import type { World } from './world.ts'

export interface Sums {
  readonly worlds: number
  readonly steps: number
  /** Virtual time, s. */
  readonly seconds: number
  readonly faults: number
  /** Faults by kind. */
  readonly struck: Readonly<Record<FaultKind, number>>
  readonly commands: number
  /** Commands that were under way when a fault struck. */
  readonly exposed: number
  /** Commands whose last word is that nobody knows. */
  readonly inDoubt: number
  /** Worlds with a finding, by the column of the first one. */
  readonly found: Readonly<Record<Column, number>>
}

const none = <Key extends string>(keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>

export const noSums: Sums = {
  ...{ worlds: 0, steps: 0, seconds: 0, faults: 0, struck: none(FAULT_KINDS) },
  ...{ commands: 0, exposed: 0, inDoubt: 0, found: none(COLUMNS) },
}

export function sumsOf({ scheduler, faults, judge }: World): Sums {
  const { count, struck, exposed } = faults
  const [violation] = judge.violations
  const found = violation ? { ...noSums.found, [RULES[violation.rule]]: 1 } : noSums.found
  return {
    ...{
      worlds: 1,
      steps: scheduler.steps,
      seconds: scheduler.nowMs / 1_000,
      faults: count,
      found,
    },
    struck: { ...noSums.struck, ...Object.fromEntries(struck) },
    ...{ commands: judge.commands.size, exposed: exposed.size, inDoubt: judge.inDoubt() },
  }
}

export function plus(one: Sums, other: Sums): Sums {
  const { worlds, steps, seconds, faults, commands, exposed, inDoubt } = one
  return {
    worlds: worlds + other.worlds,
    steps: steps + other.steps,
    seconds: seconds + other.seconds,
    faults: faults + other.faults,
    struck: each(FAULT_KINDS, (kind) => one.struck[kind] + other.struck[kind]),
    commands: commands + other.commands,
    exposed: exposed + other.exposed,
    inDoubt: inDoubt + other.inDoubt,
    found: each(COLUMNS, (column) => one.found[column] + other.found[column]),
  }
}

function each<Key extends string>(
  keys: readonly Key[],
  of: (key: Key) => number,
): Readonly<Record<Key, number>> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<Key, number>
}

/** One line for people: how much ran, at which cost, and what struck. */
export function summaryOf(sums: Sums, cpu: NodeJS.CpuUsage): string {
  const { worlds, steps, seconds, faults, struck, commands, exposed, inDoubt } = sums
  const cpuSeconds = (cpu.user + cpu.system) / 1e6
  const kinds = FAULT_KINDS.filter((kind) => struck[kind] > 0).length
  const share = ((100 * inDoubt) / Math.max(1, commands)).toFixed(1)
  return [
    `${worlds} seeds, ${steps} steps, ${cpuSeconds.toFixed(1)} s CPU`,
    `${Math.round(seconds / cpuSeconds)} × real time`,
    `${faults} faults of ${kinds} kinds of ${FAULT_KINDS.length}`,
    `${exposed} of ${commands} commands exposed, in doubt ${share} %`,
    COLUMNS.map((column) => `${column} ${sums.found[column]}`).join(', '),
  ].join(' · ')
}
