import type { Setting } from './setting.ts'

export type Declarations = Readonly<Record<string, Setting<unknown>>>

export type Values<D extends Declarations> = {
  readonly [Name in keyof D]: D[Name] extends Setting<infer T> ? T : never
}

export interface SettingFault {
  readonly env: string
  /** What came, or that nothing came; a secret is never repeated. */
  readonly got: string
  readonly wanted: string
  readonly example: string
}

/** Another setting is given in the place of this one. */
const STANDS_FOR_IT = 'stands-for-it'

export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: (path: string) => string
}

/** Reads all settings and reports all faults together: a start never fails one fault at a time. */
export function readSettings<D extends Declarations>(
  declarations: D,
  sources: SettingSources,
): { readonly values: Values<D> } | { readonly faults: readonly SettingFault[] } {
  const values: Record<string, unknown> = {}
  const faults: SettingFault[] = []
  for (const [name, setting] of Object.entries(declarations)) {
    const given = textOf(setting, sources)
    if (given === STANDS_FOR_IT) {
      values[name] = null
      continue
    }
    const fault = 'fault' in given ? given.fault : parseInto(values, name, setting, given.text)
    if (fault !== null) {
      const { env, wanted, example } = setting
      faults.push({ env, got: fault, wanted, example })
    }
  }
  return faults.length > 0 ? { faults } : { values: values as Values<D> }
}

type Given =
  | { readonly text: string | undefined }
  | { readonly fault: string }
  | typeof STANDS_FOR_IT

function textOf(setting: Setting<unknown>, { env, readFile }: SettingSources): Given {
  const file = setting.secret ? env[`${setting.env}_FILE`] : undefined
  const direct = env[setting.env]
  if (setting.unless !== undefined && env[setting.unless]) {
    if (file === undefined && direct === undefined) return STANDS_FOR_IT
    return { fault: `given beside ${setting.unless}, which stands for it` }
  }
  if (file !== undefined && direct !== undefined) {
    return { fault: `both ${setting.env} and ${setting.env}_FILE are given` }
  }
  if (file === undefined) return { text: direct ?? setting.default }
  try {
    return { text: readFile(file).trim() }
  } catch {
    return { fault: `${setting.env}_FILE names a file that cannot be read` }
  }
}

function parseInto(
  values: Record<string, unknown>,
  name: string,
  setting: Setting<unknown>,
  text: string | undefined,
): string | null {
  if (text === undefined) return 'missing'
  const parsed = setting.schema.safeParse(text)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return setting.secret ? (issue?.message ?? 'wrong') : `"${withoutAnyCredentials(text)}"`
  }
  values[name] = parsed.data
  return null
}

/** The report of a failed start, one card per fault. */
export function describeFaults(faults: readonly SettingFault[]): string {
  const head =
    faults.length === 1
      ? '1 setting is wrong; nothing was started'
      : `${faults.length} settings are wrong; nothing was started`
  const cards = faults.map(
    ({ env, got, wanted, example }) =>
      `  ${env}\n    got     ${got}\n    wanted  ${wanted}, for example ${env}=${example}`,
  )
  return [head, ...cards].join('\n')
}

/** One line for the log at start: every setting with its value, secrets as `[secret]`. */
export function printableSettings<D extends Declarations>(
  declarations: D,
  values: Values<D>,
): Readonly<Record<string, string>> {
  const rows = Object.entries(declarations).map(([name, { env, secret }]) => {
    const value: unknown = values[name]
    return [env, secret ? '[secret]' : withoutCredentials(String(value))] as const
  })
  return Object.fromEntries(rows)
}

function withoutCredentials(value: string): string {
  return value.replace(/\/\/.*@/s, '//[secret]@')
}

/** Of a wrong value nobody knows what stands where: whatever precedes an `@` may be a password. */
function withoutAnyCredentials(value: string): string {
  return value.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1[secret]@')
}
