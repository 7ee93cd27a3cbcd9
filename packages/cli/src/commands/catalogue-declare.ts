import { isAppError } from '@otn/kernel'
import type { Command } from 'commander'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { printable } from '../output/printable.ts'
import { withPage } from '../pages/change-page.ts'
import { wantedTopic } from '../pages/page-facts.ts'
import { type DeclaredTopic, readTopic } from '../pages/topic-entry.ts'
import { present } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface DeclareFlags {
  readonly page: string
  readonly topic: string
  readonly purpose: string
  readonly category: string
  readonly name?: string
  readonly mayNotify?: string
}

export function addCatalogueDeclare(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'declare',
    summary: 'a topic of a page: what it is for, and who may notify on it',
    examples: [
      'catalogue declare --page 1000 --topic restock-1 --purpose "Back in stock" --category shop',
      'catalogue declare --page 1000 --topic a --purpose "Sales" --category ad --may-notify crm',
    ],
    remarks:
      'A declaration takes the place of the one before, all of it. It asks and notifies nobody:\n' +
      'each person still has to agree. Without --may-notify anyone may notify on the topic.',
  })
  command
    .requiredOption('--page <id>', 'page id')
    .requiredOption('--topic <topic>', 'the topic')
    .requiredOption('--purpose <text>', 'what people agree to hear about, in words they know')
    .requiredOption('--category <text>', 'what kind of topic it is')
    .option('--name <text>', 'name for people')
    .option('--may-notify <names>', 'only commands of these (requestedBy), separated by commas')
  runs<DeclareFlags>(command, { cli, reaches: ['kafka', 'registry'], run: declare })
}

async function declare(flags: DeclareFlags, run: Run): Promise<ExitCode> {
  const declared = declaredBy(flags)
  return withPage(flags.page, run, async ({ pageId, publish }) => {
    const fact = await publish(wantedTopic(declared))
    const answer = { pageId, ...declared, eventId: fact?.eventId ?? null }
    run.output.data(answer, (style) => {
      const said = fact === null ? 'stands on the log already' : 'declared'
      return [style.marked('good', `topic ${printable(declared.topic)}  ${said}`)]
    })
    run.output.next(`pnpm otn catalogue list --page ${pageId}`)
    return exitCodes.ok
  })
}

function declaredBy({ topic, purpose, category, name, mayNotify }: DeclareFlags): DeclaredTopic {
  const names = mayNotify?.split(',').map((one) => one.trim())
  try {
    return readTopic({ topic, purpose, category, ...present({ name, mayNotify: names }) })
  } catch (error) {
    // They are flags here, not the lines of a file.
    throw isAppError(error) ? new CliError(exitCodes.usage, error.message) : error
  }
}
