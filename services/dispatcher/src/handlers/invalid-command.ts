import { type ReasonCode, reasons } from '@otn/contracts'
import { appError } from '@otn/kernel'

/** The answer to a command by HTTP that cannot be one: the field, what it means, the next step. */
export function invalidCommand(reason: ReasonCode, field: string): Error {
  const { meaning, next } = reasons[reason]
  const publicMessage = `${reason}: ${meaning}. ${next}`
  const errors = [{ field: field === 'commandId' ? 'Idempotency-Key' : field, message: meaning }]
  return appError('OTN_HTTP_INVALID', { message: reason, publicMessage, details: { errors } })
}
