import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { planTopics } from '../log/apply-topics.ts'
import { printable } from '../output/printable.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { type TopicsFlags, topicSettings } from './topics-apply.ts'

export function addTopicsPlan(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'plan',
    summary: 'say how the Kafka topics differ from the table; change nothing',
    examples: ['topics plan', 'topics plan --json'],
    remarks: 'Ends with 1 where something differs.',
  })
  command.option('--replication-factor <count>', 'copies of each (KAFKA_REPLICATION_FACTOR)')
  runs<TopicsFlags>(command, { cli, reaches: ['kafka'], run: plan })
}

async function plan(flags: TopicsFlags, run: Run): Promise<ExitCode> {
  const differences = await planTopics(topicSettings(flags, run))
  const isGood = differences.length === 0
  run.output.data({ differences }, (style) =>
    isGood
      ? [style.marked('good', 'all Kafka topics are as they should be')]
      : differences.map((sentence) => style.marked('bad', printable(sentence))),
  )
  if (!isGood) run.output.next('pnpm otn topics apply')
  return isGood ? exitCodes.ok : exitCodes.failed
}
