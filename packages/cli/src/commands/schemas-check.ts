import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { checkSchemas } from '../log/publish-schemas.ts'
import { printable } from '../output/printable.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

export function addSchemasCheck(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'check',
    summary: 'say whether registry and SCHEMA_IDS_FILE know every schema; change nothing',
    examples: ['schemas check', 'schemas check --json'],
    remarks: 'Ends with 1 where something is missing or contradicts.',
  })
  runs(command, { cli, reaches: ['kafka', 'registry'], run: check })
}

async function check(_flags: object, { context, output }: Run): Promise<ExitCode> {
  const faults = await checkSchemas(context.read(logSettings))
  const isGood = faults.length === 0
  output.data({ faults }, (style) =>
    isGood
      ? [style.marked('good', 'every schema is known')]
      : faults.map((fault) => style.marked('bad', printable(fault))),
  )
  if (!isGood) output.next('pnpm otn schemas publish')
  return isGood ? exitCodes.ok : exitCodes.failed
}
