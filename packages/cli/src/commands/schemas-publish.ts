import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { publishSchemasTo } from '../log/publish-schemas.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

export function addSchemasPublish(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'publish',
    summary: 'register every schema and write SCHEMA_IDS_FILE',
    examples: [
      'schemas publish',
      'schemas publish --registry http://registry:8080/apis/ccompat/v7',
    ],
    remarks: 'The file is only ever added to: what was written under an old id is read for ever.',
  })
  runs(command, { cli, reaches: ['kafka', 'registry'], run: publish })
}

async function publish(_flags: object, { context, output }: Run): Promise<ExitCode> {
  const report = await publishSchemasTo(context.read(logSettings))
  const count = Object.keys(report.ids).length
  output.data(report, (style) => [
    style.marked('good', `${count} schemas are registered`),
    ...(report.file === null
      ? []
      : [style.marked('good', `${report.file.added} ids added to ${report.file.path}`)]),
  ])
  output.next('pnpm otn pages import pages.json')
  return exitCodes.ok
}
