/** All checks side by side, each with a limit of its own. */
import { isAppError } from '@otn/kernel'
import { CliError } from '../exit-code.ts'
import type { Check } from './check.ts'
import { type DoctorLine, type Finding, toFix } from './finding.ts'
import type { Place } from './place.ts'

export interface DoctorReport {
  /** In the order of the list, whatever answered first. */
  readonly lines: readonly DoctorLine[]
  /** Checks that had nothing to stand on, with the one that says why. */
  readonly leftOut: readonly { readonly check: string; readonly because: string }[]
}

export interface RunChecksOptions {
  readonly place: Place
  /** Of each check, its own waiting for others apart. */
  readonly limitMs: number
}

interface Outcome {
  readonly findings: readonly Finding[]
  /** The check on which others stand and which cannot carry them; null = this one can. */
  readonly broken: string | null
}

/** Looks at everything. Never throws: what cannot be looked at is a line as well. */
export async function runChecks(
  checks: readonly Check[],
  options: RunChecksOptions,
): Promise<DoctorReport> {
  const outcomes = new Map<string, Promise<Outcome>>()
  for (const check of checks) outcomes.set(check.id, outcomeOf(check, { ...options, outcomes }))
  const lines: DoctorLine[] = []
  const leftOut: { check: string; because: string }[] = []
  for (const [id, outcome] of outcomes) {
    const { findings, broken } = await outcome
    lines.push(...findings.map((finding) => ({ check: id, ...finding })))
    if (findings.length === 0 && broken !== null) leftOut.push({ check: id, because: broken })
  }
  return { lines, leftOut }
}

interface Looking extends RunChecksOptions {
  /** Of the checks listed before this one. */
  readonly outcomes: ReadonlyMap<string, Promise<Outcome>>
}

async function outcomeOf(check: Check, looking: Looking): Promise<Outcome> {
  for (const id of check.needs) {
    const needed = looking.outcomes.get(id)
    if (needed === undefined) throw new Error(`${check.id} stands on ${id}, which is not before it`)
    const { broken } = await needed
    if (broken !== null) return { findings: [], broken }
  }
  const missing = missingSettings(check, looking.place)
  if (missing !== null) return { findings: [missing], broken: check.id }
  const findings = await lookAt(check, looking)
  const isBroken = findings.some(({ verdict }) => verdict === 'fix')
  return { findings, broken: isBroken ? check.id : null }
}

function missingSettings({ settings }: Check, { context }: Place): Finding | null {
  if (settings === null) return null
  const faults = context.faults(settings.of)
  if (faults.length === 0) return null
  const said = faults.map(({ env, got, wanted }) => `${env}: got ${got}, wanted ${wanted}`)
  const names = faults.map(({ env }) => env).join(', ')
  const sentence = `not looked at, for settings are missing or wrong: ${said.join('; ')}`
  return { verdict: settings.unset, sentence, fix: `set ${names}, or run: pnpm stack up` }
}

async function lookAt(check: Check, { place, limitMs }: Looking): Promise<readonly Finding[]> {
  const late = Promise.withResolvers<readonly Finding[]>()
  const timer = setTimeout(() => {
    const sentence = `no answer within ${limitMs / 1000} s`
    late.resolve([toFix(sentence, 'run it again; if it stays so, look at the network between')])
  }, limitMs)
  try {
    return await Promise.race([check.look(place), late.promise])
  } catch (error) {
    return [unread(error)]
  } finally {
    clearTimeout(timer)
  }
}

/** Our own errors speak for themselves; another one might quote what it was working with. */
function unread(error: unknown): Finding {
  if (error instanceof CliError) return toFix(error.message, error.next ?? 'see the sentence')
  if (isAppError(error)) return toFix(error.message, `see ${error.code} in docs/errors.md`)
  const name = error instanceof Error ? error.name : typeof error
  return toFix(`it could not be looked at (${name})`, 'run it again; else report it with --json')
}
