import type { Notify } from '@otn/contracts'
import { routeAsked } from '@otn/policy'
import { validateNotify } from '../domain/validate-notify.ts'
import type { InboxPorts, Read, Recorded } from '../inbox-ports.ts'
import { type Intake, recordCommands, recordRead } from './record-commands.ts'

/** Handles what was read of one partition; resolves when all of it is recorded or parked. */
export function onNotify(ports: InboxPorts): (reads: readonly Read<Notify>[]) => Promise<void> {
  return recordRead(ports, intakeFor(ports))
}

/** The same for commands that came by another way than the log. */
export function recordNotify(
  ports: Omit<InboxPorts, 'parking'>,
): (commands: readonly Notify[]) => Promise<readonly Recorded[]> {
  return recordCommands(ports, intakeFor(ports))
}

function intakeFor({ notifying }: Pick<InboxPorts, 'notifying'>): Intake<Notify> {
  return {
    heading: ({ route }) => ({ route: routeAsked(route), asks: null, campaignId: null }),
    content: (notify) => notify,
    fault: (notify) => validateNotify(notify, notifying),
    isOffered: true,
  }
}
