const TOPIC = /^[a-z0-9][a-z0-9._-]{0,63}$/
const CONTEXT = /^[A-Za-z0-9._~-]{0,128}$/
const ENVELOPE = /^otn1:([^:]*):(.*)$/s

/** Whether a text can name a topic, the subject a person agreed to: 1-64 characters. */
export function isTopic(text: string): boolean {
  return TOPIC.test(text)
}

/** Whether a text can stand as the context of a payload: at most 128 characters. */
export function isContext(text: string): boolean {
  return CONTEXT.test(text)
}

export interface PayloadEnvelope {
  readonly topic: string
  readonly context: string
}

/** The payload of our own opt-in requests, `otn1:<topic>:<context>`; null where invalid. */
export function writePayload({ topic, context }: PayloadEnvelope): string | null {
  return TOPIC.test(topic) && CONTEXT.test(context) ? `otn1:${topic}:${context}` : null
}

/**
 * Reads a payload. `foreign` = not written by us; `malformed` = starts like ours but is not,
 * which counts as foreign too and is flagged.
 */
export function readPayload(
  payload: string,
): ({ readonly kind: 'ours' } & PayloadEnvelope) | { readonly kind: 'foreign' | 'malformed' } {
  if (!payload.startsWith('otn1:')) return { kind: 'foreign' }
  const match = ENVELOPE.exec(payload)
  const [topic, context] = [match?.[1] ?? '', match?.[2] ?? '']
  if (!match || !TOPIC.test(topic) || !CONTEXT.test(context)) return { kind: 'malformed' }
  return { kind: 'ours', topic, context }
}
