import { unsafeSettings } from '@otn/runtime/settings'
import type { Command } from 'commander'
import { logSettings, safetySettings } from '../cli-settings.ts'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { applyTopics } from '../log/apply-topics.ts'
import { wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const COPIES_MAX = 9

export interface TopicsFlags {
  readonly replicationFactor?: string
}

export function addTopicsApply(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'apply',
    summary: 'create the Kafka topics that are missing, set what may be set',
    examples: ['topics apply', 'topics apply --replication-factor 3'],
    remarks: 'Partitions and copies of a Kafka topic that exists are never changed.',
  })
  command.option('--replication-factor <count>', 'copies of each (KAFKA_REPLICATION_FACTOR)')
  runs<TopicsFlags>(command, { cli, reaches: ['kafka'], run: apply })
}

async function apply(flags: TopicsFlags, run: Run): Promise<ExitCode> {
  const { output } = run
  const report = await applyTopics(topicSettings(flags, run))
  output.data(report, (style) => [
    ...report.created.map((name) => style.marked('good', `created  ${name}`)),
    ...report.altered.map((name) => style.marked('good', `set right  ${name}`)),
    ...(report.created.length + report.altered.length === 0
      ? [style.marked('good', 'all Kafka topics are as they should be')]
      : []),
  ])
  output.next('pnpm otn schemas publish')
  return exitCodes.ok
}

/** The settings with the flag on top. Few copies are for demo and test mode only. */
export function topicSettings({ replicationFactor: text }: TopicsFlags, { context }: Run) {
  const settings = { ...context.read(logSettings), ...context.read(safetySettings) }
  const range = { min: 1, max: COPIES_MAX }
  const replicationFactor =
    text === undefined
      ? settings.replicationFactor
      : wholeFlag('--replication-factor', { text, ...range })
  const faults = unsafeSettings({
    ...settings,
    clockUrl: null,
    faultPoints: null,
    replicationFactor,
  })
  if (faults.length > 0) {
    const said = faults.map(({ env, got, wanted }) => `${env}: got ${got}, wanted ${wanted}`)
    throw new CliError(exitCodes.configuration, said.join('\n'))
  }
  return { ...settings, replicationFactor }
}
