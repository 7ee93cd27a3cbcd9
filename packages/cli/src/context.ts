/** Where settings come from: flag > environment > `.otn/stack.json` > default. */
import {
  type Declarations,
  readSettings,
  type SettingFault,
  type Values,
} from '@otn/runtime/settings'
import { CliError, exitCodes } from './exit-code.ts'
import { readStack, type StackValues } from './stack-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Context {
  /** The values of these settings. @throws CliError 78 with every fault at once */
  read<D extends Declarations>(declarations: D): Values<D>
  /** Whether a setting is given at all. */
  has(env: string): boolean
  /** Pages of the running stack; empty where there is none. */
  readonly stackPages: readonly string[]
}

export interface ContextSources {
  /** By the name of the setting that a flag stands for. */
  readonly flags: Environment
  readonly env: Environment
  readonly cwd: string
  /** Null where there is no such file, or it cannot be read. */
  readonly readFile: (path: string) => string | null
}

export function createContext({ flags, env, cwd, readFile }: ContextSources): Context {
  const named = { ...env, ...given(flags) }
  const stack = readStack({ cwd, env, readFile })
  const isOther = stack !== null && namesAnotherCluster(named, stack)
  const values = stack === null || isOther ? named : { ...unnamed(stack, named), ...named }
  return {
    has: (name) => values[name] !== undefined || values[`${name}_FILE`] !== undefined,
    stackPages: isOther ? [] : (stack?.pages ?? []),
    read: (declarations) => {
      const read = readSettings(declarations, { env: values, readFile: orThrow(readFile) })
      if ('values' in read) return read.values
      throw new CliError(exitCodes.configuration, describe(read.faults), advice(stack, isOther))
    },
  }
}

function orThrow(readFile: ContextSources['readFile']): (path: string) => string {
  return (path) => {
    const text = readFile(path)
    if (text !== null) return text
    throw new Error('cannot be read')
  }
}

function given(flags: Environment): Environment {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
}

/**
 * The file speaks of one deployment. Its registry, pepper and keys must not be mixed with another
 * one's Kafka: ids would name other schemas and people would get other pseudonyms.
 */
function namesAnotherCluster({ KAFKA_BROKERS: brokers }: Environment, stack: StackValues): boolean {
  if (brokers === undefined) return false
  const sorted = (list: string) => list.split(',').toSorted().join()
  return sorted(brokers) !== sorted(stack.env.KAFKA_BROKERS ?? '')
}

/** What the file says of settings that nobody named, also not as `…_FILE`. */
function unnamed({ env }: StackValues, named: Environment): Environment {
  const rest = Object.entries(env).filter(
    ([name]) => named[name] === undefined && named[`${name}_FILE`] === undefined,
  )
  return Object.fromEntries(rest)
}

function describe(faults: readonly SettingFault[]): string {
  const head = faults.length === 1 ? '1 setting is' : `${faults.length} settings are`
  const cards = faults.map(
    ({ env, got, wanted, example }) =>
      `  ${env}\n    got     ${got}\n    wanted  ${wanted}, for example ${env}=${example}`,
  )
  return [`${head} missing or wrong`, ...cards].join('\n')
}

function advice(stack: StackValues | null, isOther: boolean): string {
  if (isOther) return `unset KAFKA_BROKERS to use ${stack?.path}, or give every setting`
  return stack === null ? 'pnpm stack up, or set them in the environment' : 'set them'
}
