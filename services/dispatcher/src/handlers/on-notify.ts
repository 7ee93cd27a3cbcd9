import type { Notify } from '@otn/contracts'
import { validateNotify } from '../domain/validate-notify.ts'
import type { InboxPorts, Read, Recorded } from '../inbox-ports.ts'
import { type Intake, recordCommands, recordRead } from './record-commands.ts'

const INTAKE: Intake<Notify> = {
  heading: () => ({ route: 'TOKEN', asks: null }),
  content: (notify) => notify,
  fault: (notify) => {
    const reason = validateNotify(notify)
    return reason === null ? null : { reason }
  },
}

/** Handles what was read of one partition; resolves when all of it is recorded or parked. */
export function onNotify(ports: InboxPorts): (reads: readonly Read<Notify>[]) => Promise<void> {
  return recordRead(ports, INTAKE)
}

/** The same for commands that came by another way than the log. */
export function recordNotify(
  ports: Omit<InboxPorts, 'parking'>,
): (commands: readonly Notify[]) => Promise<readonly Recorded[]> {
  return recordCommands(ports, INTAKE)
}
