/** What is set, as it may be shown to somebody else. Pure. */
import type { Setting } from '@otn/runtime/settings'

type Environment = Readonly<Record<string, string | undefined>>

const PREFIXES =
  /^(?:OTN|KAFKA|MONGODB|SCHEMA|GRAPH|META|INGRESS|LEDGER|DISPATCHER|REGISTRY|SIMULATOR)_/
const SECRET_NAME = /SECRET|TOKEN|KEY|PASSWORD|PEPPER|CREDENTIAL/
/** Numbers and switches. A longer number may be an id. */
const HARMLESS = /^(?:\d{1,9}|true|false)$/
/** What names a decimal limit is none of these, though it counts tokens. */
const LIMIT_NAME = /_(?:MS|BYTES|MAX|MIN|COUNT|PORT)$/

export interface SettingsInput {
  /** Settings that the command line knows. */
  readonly declared: readonly Setting<unknown>[]
  /** The text of one as it is given; null where it is not. */
  readonly given: (setting: Setting<unknown>) => string | null
  readonly env: Environment
}

export interface SettingView {
  readonly env: string
  readonly from: 'given' | 'default' | 'missing'
  /** `[secret]` for secrets, `[given]` where it is not known whether it is one; null = none. */
  readonly value: string | null
}

/** In the order of their names. */
export function settingsView({ declared, given, env }: SettingsInput): readonly SettingView[] {
  const known = new Map(declared.map((setting) => [setting.env, setting]))
  const views = [...known.values()].map((setting) => viewOf(setting, given(setting)))
  const others = Object.entries(env).filter(
    ([name, text]) => text !== undefined && PREFIXES.test(name) && !known.has(name),
  )
  const rest = others.map(([name, text = '']): SettingView => {
    return { env: name, from: 'given', value: valueOfOther(name, text) }
  })
  return [...views, ...rest].toSorted((a, b) => (a.env < b.env ? -1 : 1))
}

/** Every secret that is given, to be masked wherever else it stands. */
export function givenSecrets({ declared, given, env }: SettingsInput): readonly string[] {
  const texts = declared.flatMap((setting) => {
    const text = given(setting)
    if (text === null || text === setting.default) return []
    return setting.secret ? [text] : credentialsOf(text)
  })
  const others = Object.entries(env).flatMap(([name, text = '']) => {
    if (!PREFIXES.test(name) || LIMIT_NAME.test(name)) return []
    return isSecretName(name) ? [text] : credentialsOf(text)
  })
  return [...texts, ...others]
}

function viewOf(setting: Setting<unknown>, text: string | null): SettingView {
  const { env, secret, default: fallback } = setting
  if (text !== null) return { env, from: 'given', value: secret ? '[secret]' : shown(text) }
  if (fallback === undefined) return { env, from: 'missing', value: null }
  return { env, from: 'default', value: secret ? '[secret]' : fallback }
}

function valueOfOther(name: string, text: string): string {
  if (LIMIT_NAME.test(name) && HARMLESS.test(text)) return text
  if (isSecretName(name)) return '[secret]'
  return HARMLESS.test(text) ? text : '[given]'
}

/** A file of secrets is named by `…_FILE`, and the name of the file is none. */
function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !name.endsWith('_FILE')
}

const CREDENTIALS = /^([a-z][a-z\d+.-]*:\/\/)?(.*)@/is

/** Whatever precedes an `@` may be a password, and what stands behind a question mark too. */
function shown(text: string): string {
  return text.replace(CREDENTIALS, '$1[secret]@').replace(/\?.*$/s, '?[…]')
}

/** User and password of an address, as they stand there and as they are meant. */
function credentialsOf(text: string): readonly string[] {
  const [, , found] = CREDENTIALS.exec(text) ?? []
  if (found === undefined) return []
  return [found, ...found.split(':')].flatMap((part) => [part, decoded(part)])
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
