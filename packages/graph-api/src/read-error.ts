import { z } from 'zod'

/** The members of an error that decide; the others only inform and may be absent or odd. */
const errorSchema = z.object({
  code: z.int32(),
  error_subcode: z.int32().nullish(),
  is_transient: z.boolean().nullish(),
  message: z.string().nullish().catch(null),
  error_user_title: z.string().nullish().catch(null),
  error_user_msg: z.string().nullish().catch(null),
  type: z.string().nullish().catch(null),
  fbtrace_id: z.string().nullish().catch(null),
})

/** Opaque, printable, without white space; the known forms have fewer than 200 characters. */
const messageIdSchema = z.string().regex(/^[\x21-\x7e]{1,512}$/)

export interface GraphError {
  readonly code: number
  readonly subcode: number | null
  readonly isTransient: boolean | null
  readonly message: string
  /** What the platform would show to people: title and text, where it gives them. */
  readonly forPeople: readonly string[]
  readonly type: string | null
  readonly fbtraceId: string | null
}

export type ReadAnswer =
  | { readonly kind: 'message'; readonly messageId: string }
  | { readonly kind: 'error'; readonly error: GraphError }
  /** Neither, both, or either in a form that we cannot trust. */
  | { readonly kind: 'unreadable' }

const UNREADABLE: ReadAnswer = { kind: 'unreadable' }

/** Reads what decides out of an answer's JSON, named members only. Never throws. */
export function readAnswer(json: unknown): ReadAnswer {
  if (typeof json !== 'object' || json === null) return UNREADABLE
  const error = ownMember(json, 'error')
  const messageId = ownMember(json, 'message_id')
  if (error !== undefined && messageId !== undefined) return UNREADABLE
  return error === undefined ? readMessageId(messageId) : readError(error)
}

function readMessageId(value: unknown): ReadAnswer {
  const parsed = messageIdSchema.safeParse(value)
  return parsed.success ? { kind: 'message', messageId: parsed.data } : UNREADABLE
}

function readError(value: unknown): ReadAnswer {
  const parsed = errorSchema.safeParse(value)
  if (!parsed.success) return UNREADABLE
  const { code, error_subcode, is_transient, message, type, fbtrace_id } = parsed.data
  const { error_user_title, error_user_msg } = parsed.data
  return {
    kind: 'error',
    error: {
      code,
      subcode: error_subcode ?? null,
      isTransient: is_transient ?? null,
      message: message ?? '',
      forPeople: [error_user_title, error_user_msg].flatMap((text) => text ?? []),
      type: type ?? null,
      fbtraceId: fbtrace_id ?? null,
    },
  }
}

function ownMember(json: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(json, name)?.value
}
