/** Which events met a command, or a token, in which state: cells of the matrices of their lives. */
import type { NotificationEvent, ReceiptEvent } from '@otn/contracts'
import { type StoredCommand, stateOf } from '@otn/dispatcher/decisions'
import type { Claims } from './claims.ts'
import { type Given, isRequest } from './judge-parts.ts'
import { OTHER_TITLE, TEXT } from './workload.ts'

export class Coverage {
  readonly cells = new Map<string, number>()

  saw(state: string, event: string, count = 1): void {
    const cell = `${state} × ${event}`
    this.cells.set(cell, (this.cells.get(cell) ?? 0) + count)
  }

  /** The state a command is in now; `unknown` = its last attempt was not answered in time. */
  stateIn(claims: Claims, id: string): string {
    return lifeOf(claims.read(id))
  }

  add(other: Coverage): void {
    for (const [cell, count] of other.cells)
      this.cells.set(cell, (this.cells.get(cell) ?? 0) + count)
  }

  answer(claims: Claims, id: string, kind: string): void {
    this.saw(this.stateIn(claims, id), `answered ${kind}`)
  }

  /** A command was read of the log, for the first time or again. */
  command(claims: Claims, given: Given): void {
    const id = `${given.pageId}:${given.commandId}`
    const isOther = isRequest(given) ? given.title === OTHER_TITLE : given.text !== TEXT
    this.saw(this.stateIn(claims, id), isOther ? 'another command' : 'the command')
  }

  /** Facts of ours were read of the log, before they are folded. */
  facts(claims: Claims, events: readonly NotificationEvent[]): void {
    for (const { type, pageId, commandId } of events) {
      this.saw(this.stateIn(claims, `${pageId}:${commandId}`), type)
    }
  }

  echo(
    claims: Claims,
    event: ReceiptEvent,
    echoes: { read(echoed: Extract<ReceiptEvent, { type: 'MessageEchoed' }>): EchoOf | null },
  ): void {
    if (event.type !== 'MessageEchoed') return
    const echo = echoes.read(event)
    if (echo) this.saw(this.stateIn(claims, `${event.pageId}:${echo.commandId}`), 'echo')
  }
}

interface EchoOf {
  readonly commandId: string
}

export function lifeOf(document: StoredCommand | null): string {
  if (document === null) return 'none'
  return document.command.asks === null ? wordOf(document) : `request ${wordOf(document)}`
}

function wordOf(document: StoredCommand): string {
  const state = stateOf(document.command)
  const last = document.command.attempts.at(-1)?.number ?? 0
  if (state === 'attempting') return document.unknown.includes(last) ? 'unknown' : 'attempting'
  return state === 'in-doubt' && document.isProbing ? 'probing' : state
}
