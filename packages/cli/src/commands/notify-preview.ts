import { randomUUID } from 'node:crypto'
import { explain, type NotifyInput, type RequestOptInInput } from '@otn/client'
import { dispatcherSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import type { Run } from './leaf.ts'

/** Asks the dispatcher what would happen. Nothing is published, recorded or sent. */
export function previewNotify(input: NotifyInput, run: Run): Promise<ExitCode> {
  return preview('/v1/notifications', input, run)
}

/** The same of a question, with what each rule says of it. */
export function previewRequest(input: RequestOptInInput, run: Run): Promise<ExitCode> {
  return preview('/v1/opt-in-requests', input, run)
}

type Input = NotifyInput | RequestOptInInput

async function preview(
  path: string,
  input: Input,
  { context, output, shell }: Run,
): Promise<ExitCode> {
  const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
  const told = await callService(door, {
    method: 'POST',
    path,
    query: { dryRun: 'true' },
    headers: { 'idempotency-key': input.idempotencyKey ?? randomUUID() },
    body: bodyOf(input),
  })
  output.data(told, (style) => [
    previewLine(told, style),
    ...ruleLines(told, style),
    ...callLines(told, style),
  ])
  if (told.decision === 'unsure') return exitCodes.unavailable
  return told.decision === 'refuse' ? exitCodes.refused : exitCodes.ok
}

function bodyOf({ to, idempotencyKey: _key, ...fields }: Input): JsonObject {
  return { ...fields, ...to, requestedBy: 'otn-cli' }
}

function previewLine(
  { decision, reason, tokenId, candidates, route }: JsonObject,
  style: Style,
): string {
  const why = typeof reason === 'string' ? explain(reason) : null
  const said = why === null ? '' : `  ${printable(why.reason)}: ${why.meaning}. ${why.next}`
  switch (decision) {
    case 'spend': {
      const way = typeof route === 'string' ? `  by ${printable(route)}, no token is spent` : ''
      if (tokenId === null) return style.marked('good', `would go out${way}`)
      const which = `token ${printable(String(tokenId))} first, of ${candidates}`
      return style.marked('good', `would go out  ${which}`)
    }
    case 'refuse':
      return style.marked('bad', `would not go out${said}`)
    case 'wait':
      return style.marked('open', `would wait${said}`)
    case 'known':
      return style.marked('open', `nothing new would happen: this command is known${said}`)
    case 'unsure':
      return style.marked('open', `nobody is sure now${said}`)
    default:
      return style.marked('open', printable(String(decision)))
  }
}

/** Rules that refuse or flag, with the sentence each rests on. */
function ruleLines({ verdicts }: JsonObject, style: Style): readonly string[] {
  if (!Array.isArray(verdicts)) return []
  return verdicts.flatMap(({ rule, kind, text, source }) => {
    if (kind !== 'refuse' && kind !== 'flag') return []
    const said = printable(`${rule}: ${text}  [${source?.id}: ${source?.sentence}]`)
    return [style.marked(kind === 'refuse' ? 'bad' : 'open', said)]
  })
}

/** The call as the platform would see it, those who are meant left out. */
function callLines({ call }: JsonObject, style: Style): readonly string[] {
  if (typeof call !== 'object' || call === null) return []
  const { method, path, body } = call as JsonObject
  return [style.dim(printable(`${method} ${path}`)), printable(String(body))]
}
