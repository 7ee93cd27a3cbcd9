import { type ReasonCode, reasons } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { RuledOut } from '../domain/judgement.ts'

/** A reason, and the rule that gave it where it was one. */
export type InvalidCommand = { readonly reason: ReasonCode } & Partial<RuledOut>

/** The answer to a command by HTTP that cannot be one: the field, its fault, the next step. */
export function invalidCommand({ reason, ruling }: InvalidCommand, field: string): Error {
  const { meaning, next } = reasons[reason]
  const publicMessage = `${reason}: ${meaning}. ${next}`
  const name = field === 'commandId' ? 'Idempotency-Key' : field
  const errors = [{ field: name, message: ruling?.detail ?? meaning }]
  return appError('OTN_HTTP_INVALID', { message: reason, publicMessage, details: { errors } })
}
