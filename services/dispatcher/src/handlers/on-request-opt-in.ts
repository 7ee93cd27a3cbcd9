import type { RequestOptIn } from '@otn/contracts'
import { isContext } from '@otn/kernel'
import { titleDigestOf } from '../domain/asking.ts'
import { judgeWords } from '../domain/judge-request.ts'
import type { InboxPorts, Read, Recorded } from '../inbox-ports.ts'
import { conceals, type Intake, recordCommands, recordRead } from './record-commands.ts'

type Asking = Pick<InboxPorts, 'asking' | 'identity'>

/** Handles what was read of one partition; resolves when all of it is recorded or parked. */
export function onRequestOptIn(
  ports: InboxPorts,
): (reads: readonly Read<RequestOptIn>[]) => Promise<void> {
  return recordRead(ports, intakeFor(ports))
}

/** The same for commands that came by another way than the log. */
export function recordRequest(
  ports: Omit<InboxPorts, 'parking'>,
): (commands: readonly RequestOptIn[]) => Promise<readonly Recorded[]> {
  return recordCommands(ports, intakeFor(ports))
}

function intakeFor({ asking, identity }: Asking): Intake<RequestOptIn> {
  return {
    heading: ({ tokenId, context, title }, fault) => {
      const isTold = context && isContext(context) && !conceals(fault)
      const titleDigest = conceals(fault) ? null : titleDigestOf(identity, title)
      const asks = { context: isTold ? context : null, titleDigest }
      return { route: tokenId ? 'TOKEN' : 'WINDOW', asks, campaignId: null }
    },
    content: (request) => ({ ...request, asks: true }),
    fault: (request) => judgeWords({ ...request, asks: true }, asking).refusal,
    isOffered: true,
  }
}
