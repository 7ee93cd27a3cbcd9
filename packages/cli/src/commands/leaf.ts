/** How every command is declared: examples first, the same flags everywhere. */
import type { Command } from 'commander'
import { type Context, createContext } from '../context.ts'
import type { ExitCode } from '../exit-code.ts'
import { createOutput, type Output } from '../output/output.ts'
import type { Shell } from '../shell.ts'

/** What a command reaches decides which address flags it takes. Secrets are never flags. */
export type Reach = 'kafka' | 'registry' | 'ledger' | 'dispatcher' | 'ingress' | 'pages'

const ADDRESSES: Readonly<Record<Reach, readonly (readonly [string, string, string])[]>> = {
  kafka: [
    ['--kafka <brokers>', 'host:port of brokers, separated by commas', 'KAFKA_BROKERS'],
    ['--topic-prefix <prefix>', 'what stands before Kafka topics', 'KAFKA_TOPIC_PREFIX'],
  ],
  registry: [['--registry <url>', 'schema registry', 'SCHEMA_REGISTRY_URL']],
  ledger: [['--ledger <url>', 'token-ledger', 'OTN_LEDGER_URL']],
  dispatcher: [['--dispatcher <url>', 'dispatcher', 'OTN_DISPATCHER_URL']],
  ingress: [['--ingress <url>', 'ingress', 'OTN_INGRESS_URL']],
  pages: [['--pages <url>', 'page registry', 'OTN_PAGES_URL']],
}

export interface LeafSpec {
  /** Name with its arguments, for example `get <id>`. */
  readonly usage: string
  readonly summary: string
  /** Without `pnpm otn`; a test runs each through the parser. */
  readonly examples: readonly string[]
  /** Said after the options, for example what the exit code means. */
  readonly remarks?: string
}

/** What an action works with. */
export interface Run {
  readonly context: Context
  readonly output: Output
  readonly shell: Shell
}

export interface Cli {
  readonly shell: Shell
  /** Sets what the process ends with. */
  finish(code: ExitCode): void
}

/** A command that still lacks its own options and its action. */
export function leaf(parent: Command, { usage, summary, examples, remarks }: LeafSpec): Command {
  const command = parent.command(usage)
  const shown = examples.map((example) => `  $ pnpm otn ${example}`)
  command.summary(summary).description(summary)
  command.addHelpText('before', ['Examples:', ...shown, ''].join('\n'))
  const links = 'Exit codes, settings and JSON shapes: packages/cli/README.md'
  command.addHelpText('after', `\n${remarks ? `${remarks}\n\n` : ''}${links}`)
  return command
}

export interface Action<Flags> {
  readonly cli: Cli
  readonly reaches: readonly Reach[]
  readonly run: (flags: Flags, run: Run) => Promise<ExitCode>
}

/** Joins a command, its own options declared, with the common ones and with what it does. */
export function runs<Flags extends object>(
  command: Command,
  { cli, reaches, run }: Action<Flags>,
): void {
  addCommonOptions(command, reaches)
  command.action(async () => {
    const flags = command.opts<Flags & CommonFlags>()
    const { shell } = cli
    const { env, cwd, readFile } = shell
    const context = createContext({ flags: addressFlags(flags), env, cwd, readFile })
    cli.finish(await run(flags, { context, output: outputFor(flags, shell), shell }))
  })
}

function addCommonOptions(command: Command, reaches: readonly Reach[]): void {
  command
    .optionsGroup('Output:')
    .option('--json', 'data as JSON, one object a line; its shape is stable')
    .option('--no-color', 'no colours (also NO_COLOR, TERM=dumb, or no terminal)')
    .optionsGroup('Where (else environment, else .otn/stack.json):')
  for (const [flag, text, env] of reaches.flatMap((reach) => ADDRESSES[reach])) {
    command.option(flag, `${text} (${env})`)
  }
}

interface CommonFlags {
  readonly json?: boolean
  readonly color?: boolean
  readonly kafka?: string
  readonly topicPrefix?: string
  readonly registry?: string
  readonly ledger?: string
  readonly dispatcher?: string
  readonly ingress?: string
  readonly pages?: string
}

function addressFlags(flags: CommonFlags): Readonly<Record<string, string | undefined>> {
  return {
    KAFKA_BROKERS: flags.kafka,
    KAFKA_TOPIC_PREFIX: flags.topicPrefix,
    SCHEMA_REGISTRY_URL: flags.registry,
    OTN_LEDGER_URL: flags.ledger,
    OTN_DISPATCHER_URL: flags.dispatcher,
    OTN_INGRESS_URL: flags.ingress,
    OTN_PAGES_URL: flags.pages,
  }
}

function outputFor({ json = false, color = true }: CommonFlags, shell: Shell): Output {
  const { stdout, stderr, env } = shell
  const mayColour = color && !env.NO_COLOR && env.TERM !== 'dumb'
  const colours = {
    stdout: mayColour && stdout.isTTY === true,
    stderr: mayColour && stderr.isTTY === true,
  }
  return createOutput({ stdout, stderr, json, colours })
}
