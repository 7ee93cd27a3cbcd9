import { randomUUID } from 'node:crypto'
import { explain, type NotifyInput } from '@otn/client'
import { dispatcherSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import type { Run } from './leaf.ts'

/** Asks the dispatcher what would happen. Nothing is published, recorded or sent. */
export async function previewNotify(
  input: NotifyInput,
  { context, output, shell }: Run,
): Promise<ExitCode> {
  const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
  const preview = await callService(door, {
    method: 'POST',
    path: '/v1/notifications',
    query: { dryRun: 'true' },
    headers: { 'idempotency-key': input.idempotencyKey ?? randomUUID() },
    body: bodyOf(input),
  })
  output.data(preview, (style) => [previewLine(preview, style)])
  if (preview.decision === 'unsure') return exitCodes.unavailable
  return preview.decision === 'refuse' ? exitCodes.refused : exitCodes.ok
}

function bodyOf({ to, idempotencyKey: _key, ...fields }: NotifyInput): JsonObject {
  return { ...fields, ...to, requestedBy: 'otn-cli' }
}

function previewLine({ decision, reason, tokenId, candidates }: JsonObject, style: Style): string {
  const why = typeof reason === 'string' ? explain(reason) : null
  const said = why === null ? '' : `  ${printable(why.reason)}: ${why.meaning}. ${why.next}`
  switch (decision) {
    case 'spend': {
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
