import type { Command } from 'commander'
import { checks } from '../doctor/checks.ts'
import { openPlace } from '../doctor/place.ts'
import { type DoctorReport, runChecks } from '../doctor/run-checks.ts'
import { doctorLines } from '../doctor/show.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

/** Of one check; they run side by side. */
const LIMIT_MS = 15_000

export function addDoctor(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'doctor',
    summary: 'everything that must be so, one line each: ok, warn, or fix with what mends it',
    examples: ['doctor', 'doctor --json'],
    remarks: 'Ends with 1 where something is to fix. What each line looks at: docs/doctor.md',
  })
  const reaches = ['kafka', 'registry', 'ledger', 'dispatcher', 'ingress'] as const
  runs(command, { cli, reaches, run: doctor })
}

async function doctor(_flags: object, { context, output, shell }: Run): Promise<ExitCode> {
  await using place = openPlace(context, shell)
  const { lines, leftOut } = await runChecks(checks, { place, limitMs: LIMIT_MS })
  const fixes = lines.filter(({ verdict }) => verdict === 'fix')
  output.data({ isSound: fixes.length === 0, lines, leftOut }, (style) => doctorLines(lines, style))
  for (const sentence of leftOutSentences(leftOut)) output.say(sentence)
  const warnings = lines.filter(({ verdict }) => verdict === 'warn').length
  output.say(`${lines.length} lines: ${fixes.length} to fix, ${warnings} to look at`)
  const command = fixes.find(({ fix }) => fix?.startsWith('pnpm '))?.fix
  if (command) output.next(command)
  return fixes.length === 0 ? exitCodes.ok : exitCodes.failed
}

function leftOutSentences(leftOut: DoctorReport['leftOut']): readonly string[] {
  const byReason = Map.groupBy(leftOut, ({ because }) => because)
  return [...byReason].map(
    ([because, rows]) =>
      `not looked at, for ${because}: ${rows.map(({ check }) => check).join(', ')}`,
  )
}
