/** Faults of what people wrote into a file: field, what came, what was wanted, all at once. */
import { appError } from '@otn/kernel'
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** The error for everything that a schema found under `root`. */
export function invalid(root: string, { issues }: z.core.$ZodError): Error {
  const faults = issues.flatMap(flattened).map((issue) => describe(root, issue))
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  const message = `${count} in the ${root}\n${faults.join('\n')}`
  return appError('OTN_CONFIG_INVALID', { message, publicMessage: message })
}

/** Adds a fault for each name that came before. */
export function reportRepeats(
  names: readonly string[],
  pathOf: (index: number) => (string | number)[],
  context: z.core.$RefinementCtx,
): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue
    const message = 'each of them once'
    context.issues.push({ code: 'custom', message, input: name, path: pathOf(index) })
  }
}

/** A union says only that nothing fitted; its branch with the fewest faults says why. */
function flattened(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const [best = []] = issue.errors.toSorted((a, b) => a.length - b.length)
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

function describe(root: string, issue: Issue): string {
  const path = issue.path.map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
  )
  const field = `${root}${path.join('')}`
  if (issue.code === 'unrecognized_keys') return `  ${field}: unknown ${issue.keys.join(', ')}`
  // What stands in place of a page may be its access token.
  const isInPlace = root === 'pages' && issue.path.length < 2
  const isSecret = issue.path.includes('accessToken') || isInPlace
  return `  ${field}: got ${shown(issue.input, isSecret)}, wanted ${issue.message}`
}

function shown(input: unknown, isSecret: boolean): string {
  if (input === undefined) return 'nothing'
  if (isSecret) return 'something else'
  if (Array.isArray(input)) return input.length === 0 ? '[]' : `a list of ${input.length}`
  if (typeof input === 'object' && input !== null) return 'an object'
  const text = JSON.stringify(input) ?? typeof input
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
