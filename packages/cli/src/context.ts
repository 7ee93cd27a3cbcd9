/** Where settings come from: flag > environment > `.otn/stack.json` > default. */
import {
  type Declarations,
  readSettings,
  type Setting,
  type SettingFault,
  type Values,
} from '@otn/runtime/settings'
import { CliError, exitCodes } from './exit-code.ts'
import { readStack, type StackValues } from './stack-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Context {
  /** The values of these settings. @throws CliError 78 with every fault at once */
  read<D extends Declarations>(declarations: D): Values<D>
  /** What is wrong with these settings; empty = they can be read. */
  faults(declarations: Declarations): readonly SettingFault[]
  /** A setting's text as it is given, or that of its file; null where it is not. Maybe a secret. */
  given(setting: Setting<unknown>): string | null
  /** Whether a setting is given at all. */
  has(env: string): boolean
  /** The file of the running stack that settings come from as well; null without one. */
  stackPath(): string | null
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

export function createContext(sources: ContextSources): Context {
  const { readFile } = sources
  let found: Found | undefined
  // A command that asks for no setting does not mind a stack file that cannot be read.
  const all = () => {
    found ??= find(sources)
    return found
  }
  const read = <D extends Declarations>(declarations: D) =>
    readSettings(declarations, { env: all().values, readFile: orThrow(readFile) })
  return {
    given: ({ env, secret }) => {
      const { values } = all()
      const file = secret ? values[`${env}_FILE`] : undefined
      return (file === undefined ? values[env] : readFile(file)?.trim()) ?? null
    },
    has: (name) => {
      const { values } = all()
      return values[name] !== undefined || values[`${name}_FILE`] !== undefined
    },
    stackPath: () => (all().isOther ? null : (all().stack?.path ?? null)),
    get stackPages() {
      const { isOther, stack } = all()
      return isOther ? [] : (stack?.pages ?? [])
    },
    faults: (declarations) => {
      const said = read(declarations)
      return 'faults' in said ? said.faults : []
    },
    read: (declarations) => {
      const said = read(declarations)
      if ('values' in said) return said.values
      const { stack, isOther } = all()
      throw new CliError(exitCodes.configuration, describe(said.faults), advice(stack, isOther))
    },
  }
}

interface Found {
  readonly stack: StackValues | null
  /** Whether it is of another deployment than the one that is named. */
  readonly isOther: boolean
  readonly values: Environment
}

/** @throws CliError 78 where the stack file is none */
function find({ flags, env, cwd, readFile }: ContextSources): Found {
  const named = { ...env, ...given(flags) }
  const stack = readStack({ cwd, env, readFile })
  const isOther = stack !== null && namesAnotherCluster(named, stack)
  const values = stack === null || isOther ? named : { ...unnamed(stack, named), ...named }
  return { stack, isOther, values }
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
