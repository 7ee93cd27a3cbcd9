import { Secret } from '@otn/kernel'
import { z } from 'zod'

/**
 * One setting, declared once: parser, type, start-up line and documentation come from it.
 * The parsed text is what the environment gave; units stand in the name (`…_MS`, `…_BYTES`).
 */
export interface Setting<T> {
  readonly env: string
  /** One sentence for people. */
  readonly sentence: string
  readonly schema: z.ZodType<T, string>
  /** What a fault says was wanted, for example `a port from 0 to 65535`. */
  readonly wanted: string
  readonly example: string
  /** Text used where the environment gives none; absent = the setting must be given. */
  readonly default?: string
  /** Never printed; `<env>_FILE` may name a file that holds it. */
  readonly secret: boolean
  /** Another setting that stands for this one: exactly one of the two is given. */
  readonly unless?: string
}

interface Declaration {
  readonly env: string
  readonly sentence: string
  readonly default?: string
  readonly example?: string
}

type Bounds = Declaration & { readonly min: number; readonly max: number; readonly unit?: string }

function setting<T>(
  declaration: Declaration,
  parts: Omit<Setting<T>, 'env' | 'sentence' | 'default' | 'secret'> & { secret?: boolean },
): Setting<T> {
  const { env, sentence } = declaration
  const base = { env, sentence, secret: false, ...parts }
  const example = declaration.example ?? declaration.default ?? parts.example
  return declaration.default === undefined
    ? { ...base, example }
    : { ...base, example, default: declaration.default }
}

export function text(declaration: Declaration & { readonly pattern?: RegExp }): Setting<string> {
  const pattern = declaration.pattern
  const schema = pattern ? z.string().regex(pattern) : z.string().min(1)
  const wanted = pattern ? `a text like ${pattern.source}` : 'a text that is not empty'
  return setting(declaration, { schema, wanted, example: 'text' })
}

/** A text that may be left out: null then. */
export function optionalText(declaration: Declaration): Setting<string | null> {
  const schema = z.string().transform((value) => (value === '' ? null : value))
  return setting({ default: '', ...declaration }, { schema, wanted: 'a text', example: '' })
}

export function integer({ min, max, unit, ...declaration }: Bounds): Setting<number> {
  const schema = z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
  const wanted = `a whole number${unit ? ` of ${unit}` : ''} from ${min} to ${max}`
  return setting(declaration, { schema, wanted, example: String(min) })
}

export function milliseconds(declaration: Omit<Bounds, 'unit'>): Setting<number> {
  return integer({ ...declaration, unit: 'milliseconds' })
}

export function flag(declaration: Declaration): Setting<boolean> {
  const schema = z.enum(['true', 'false']).transform((value) => value === 'true')
  return setting(declaration, { schema, wanted: 'true or false', example: 'true' })
}

export function choice<const T extends readonly [string, ...string[]]>(
  declaration: Declaration & { readonly of: T },
): Setting<T[number]> {
  const schema = z.enum(declaration.of) as unknown as z.ZodType<T[number], string>
  const wanted = `one of ${declaration.of.join(', ')}`
  return setting(declaration, { schema, wanted, example: declaration.of[0] })
}

/** Several texts, separated by commas; at least one. */
export function list(declaration: Declaration): Setting<readonly string[]> {
  const split = (value: string) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
  const schema = z.string().transform(split).pipe(z.array(z.string()).min(1))
  return setting(declaration, { schema, wanted: 'texts separated by commas', example: 'a,b' })
}

export function url(
  declaration: Declaration & { readonly protocols: readonly string[] },
): Setting<string> {
  const ok = (value: string) => {
    const first = withOneHost(value)
    if (!URL.canParse(first)) return false
    const { protocol, host } = new URL(first)
    // Without the slashes `http:user:password@host` is a URL too, and its password is shown.
    const isWhole = first.toLowerCase().startsWith(`${protocol}//`)
    return isWhole && declaration.protocols.includes(protocol) && !host.includes(',')
  }
  const wanted = `a URL that starts with ${declaration.protocols.join(' or ')}`
  return setting(declaration, { schema: z.string().refine(ok), wanted, example: 'http://host' })
}

/** The members of a replica set are listed in one URL, which no parser of URLs takes. */
function withOneHost(value: string): string {
  return value.replace(/^(mongodb:\/\/(?:[^/?@]*@)?[^/?@,]+)(?:,[^/?@,]+)+/, '$1')
}

export function optionalUrl(
  declaration: Declaration & { readonly protocols: readonly string[] },
): Setting<string | null> {
  const given = url(declaration)
  const schema = z.string().transform((value, context) => {
    if (value === '') return null
    if (given.schema.safeParse(value).success) return value
    context.addIssue({ code: 'custom', message: 'no such URL' })
    return z.NEVER
  })
  return setting({ default: '', ...declaration }, { ...given, schema })
}

/**
 * A secret. `check` says what is wrong with it in words that do not show it, or null.
 */
export function secret(
  declaration: Declaration & { readonly check?: (value: string) => string | null },
): Setting<Secret> {
  const schema = z
    .string()
    .min(1)
    .superRefine((value, context) => {
      const fault = declaration.check?.(value)
      if (fault) context.addIssue({ code: 'custom', message: fault })
    })
    .transform((value) => new Secret(value))
  const parts = { schema, wanted: 'a secret', example: '…', secret: true }
  return setting(declaration, parts)
}

/** A setting for which another may stand: null where that one is given, and a fault beside it. */
export function unless<T>(other: string, one: Setting<T>): Setting<T | null> {
  return { ...one, unless: other }
}
