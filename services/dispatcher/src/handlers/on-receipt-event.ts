/** The echo of a message of ours proves the attempt it was sent by, whoever has the command now. */
import type { ReceiptEvent } from '@otn/contracts'
import { documentId } from '../domain/command.ts'
import { decideEvidence } from '../domain/decide-evidence.ts'
import { settle } from '../domain/transitions.ts'
import type { DuePorts, EchoReader } from '../ports.ts'

type Ports = Pick<DuePorts, 'commands' | 'facts' | 'tell' | 'clock' | 'tellFacts'> & {
  readonly echoes: EchoReader
}

export function onReceiptEvent(ports: Ports): (event: ReceiptEvent) => Promise<void> {
  const { commands, facts, tell, clock, echoes, tellFacts } = ports
  return async (event) => {
    if (event.type !== 'MessageEchoed') return
    const echo = echoes.read(event)
    if (echo === null) return
    const { pageId, person, messageId, eventId } = event
    const evidence = { attempt: echo.attempt, person, messageId, eventId }
    const id = documentId(pageId, echo.commandId)
    const changed = await commands.settle(id, (known) => {
      if (known === null) return null
      const verdict = decideEvidence(known.command, evidence)
      if (verdict.kind !== 'settles') return null
      const occasion = { nowMs: clock.nowMs(), person }
      return settle(known, [facts.write(known.command, verdict.draft, occasion)])
    })
    if (changed.kind === 'unchanged') {
      const verdict = changed.document && decideEvidence(changed.document.command, evidence)
      if (changed.document && verdict?.kind === 'contradicts') tell.contradicted(changed.document)
      return
    }
    tell.settled(changed.document)
    if (changed.document.isContested) tell.contradicted(changed.document)
    await tellFacts(changed.document, 0)
  }
}
