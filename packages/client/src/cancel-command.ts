/** From what a caller gives to a `CancelNotification` record. Pure; wrong input is refused here. */
import type { CancelNotification } from '@otn/contracts'
import { commandId, pageId } from '@otn/kernel'
import type { Fault } from './fault.ts'
import {
  type Circumstances,
  commandIdFaults,
  idFaults,
  isObject,
  type Loose,
  textOf,
  unknownFields,
} from './given-fields.ts'
import type { CancelInput } from './notifier.ts'

const FIELDS = ['pageId', 'commandId', 'idempotencyKey']

/** The command, or everything that is wrong with the input at once. */
export function cancelCommand(
  input: CancelInput,
  { newId, source, nowMs }: Circumstances,
): { readonly command: CancelNotification } | { readonly faults: readonly Fault[] } {
  const given: Loose = isObject(input) ? input : {}
  const faults = [
    ...unknownFields(given, { known: FIELDS, inside: '' }),
    ...idFaults(given),
    ...commandIdFaults('commandId', given.commandId),
  ]
  if (faults.length > 0) return { faults }
  const command = {
    commandId: commandId(textOf(given.idempotencyKey) ?? newId),
    pageId: pageId(String(given.pageId)),
    cancels: commandId(String(given.commandId)),
    requestedBy: source,
    requestedAt: nowMs,
  }
  return { command }
}
