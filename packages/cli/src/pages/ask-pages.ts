/** Calls of the page registry, and the steps that it answers with. */
import { pagesSettings } from '../cli-settings.ts'
import type { Run } from '../commands/leaf.ts'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject, type ServiceCall } from '../http/call-service.ts'

/** A connection makes some ten calls to the platform, each with twenty seconds of its own. */
const SET_UP_MS = 180_000
const DIGITS = /^\d{1,32}$/

/** @throws CliError as `callService` */
export function askPages({ context, shell }: Run, call: ServiceCall): Promise<JsonObject> {
  const door = { name: 'page registry', fetch: shell.fetch, ...context.read(pagesSettings) }
  return callService(door, call)
}

/** @throws CliError 2 where the id is none */
export function pathOfPage(text: string, behind = ''): string {
  if (DIGITS.test(text)) return `/v1/pages/${text}${behind}`
  const message = `<page>: got ${JSON.stringify(text)}, wanted a page id: decimal digits`
  throw new CliError(exitCodes.usage, message)
}

/** Has the registry do something in steps, and shows each with what to do next. */
export async function runSteps(
  run: Run,
  call: { readonly path: string; readonly body?: unknown },
): Promise<ExitCode> {
  const answer = await askPages(run, { method: 'POST', timeoutMs: SET_UP_MS, ...call })
  const steps: readonly JsonObject[] = Array.isArray(answer.steps) ? answer.steps : []
  run.output.data(answer, (style) =>
    steps.map(({ outcome, step, sentence }) => {
      const mark = outcome === 'done' ? 'good' : outcome === 'failed' ? 'bad' : 'open'
      return style.marked(mark, `${String(step).padEnd(20)} ${sentence}`)
    }),
  )
  const failed = steps.find(({ outcome }) => outcome === 'failed')
  if (typeof failed?.next === 'string') run.output.next(failed.next)
  return answer.isGreen === true ? exitCodes.ok : exitCodes.failed
}
