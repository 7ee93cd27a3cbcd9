import type { Command } from 'commander'
import { logSettings, sealingSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { table } from '../output/table.ts'
import { importPages } from '../pages/import-pages.ts'
import { readPages } from '../pages/page-entry.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { readJsonFile } from './read-json-file.ts'

export function addPagesImport(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'import <file>',
    summary: 'publish pages with their topics and rules',
    examples: ['pages import pages.json', 'pages import pages.json --json'],
    remarks:
      'The file: [{ pageId, name, appId, accessToken, topics: [], topicRules: [] }].\n' +
      'Importing it again adds nothing; a page or topic that is no longer in the file stays on\n' +
      'the log. topicRules take the place of the page’s rules; left out they change none.',
  })
  const run = (_flags: object, parts: Run) => runImport(command.args[0] ?? '', parts)
  runs(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function runImport(file: string, { context, output, shell }: Run): Promise<ExitCode> {
  const pages = readPages(readJsonFile(file, shell, '<file>'))
  const { personPepper, masterKey } = context.read(sealingSettings)
  const log = context.read(logSettings)
  const nowMs = shell.nowMs()
  const report = await importPages(pages, { log, personPepper, masterKey, nowMs })
  output.data(report, (style) => {
    const rows = report.published.map((fact) => [fact.pageId, fact.type, fact.subject])
    if (rows.length === 0) return [style.marked('good', 'nothing to add')]
    const [head = '', ...lines] = table(['page', 'fact', 'subject'], rows)
    return [style.bold(head), ...lines]
  })
  if (report.pinned) output.say('the deployment is bound to its pepper now')
  output.say(`${report.published.length} published, ${report.unchanged} unchanged`)
  output.next('pnpm otn tail page --since 5m')
  return exitCodes.ok
}
