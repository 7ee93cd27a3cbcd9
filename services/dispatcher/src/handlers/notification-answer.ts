/** What became of a command, as the HTTP API tells it. */
import { z } from 'zod'
import { type Command, lastAttempt, stateOf, waitOf } from '../domain/command.ts'

const instant = z.number().int().describe('Ms since the epoch')

const attemptSchema = z.object({
  number: z.number().int(),
  ending: z.enum(['unanswered', 'in-doubt', 'not-sent', 'refused', 'sent']),
  tokenId: z.string().nullable(),
  reason: z.string().nullable(),
  graphCode: z.number().int().nullable(),
  graphSubcode: z.number().int().nullable(),
  fbtraceId: z.string().nullable().describe('For the platform’s support'),
  detail: z.string().nullable().describe('What the platform answered, redacted'),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
})

export const notificationSchema = z.object({
  pageId: z.string(),
  commandId: z.string(),
  state: z.enum(['open', 'attempting', 'sent', 'failed', 'in-doubt', 'cancelled']),
  reason: z.string().nullable().describe('Why it failed, waits or is in doubt'),
  messageId: z.string().nullable(),
  certainty: z.string().nullable().describe('What proves how it ended; OPERATOR = a person'),
  settledBy: z.string().nullable().describe('Event id of the evidence, or name of the person'),
  tokenId: z.string().nullable().describe('The token that was spent'),
  person: z.string().nullable().describe('Pseudonym'),
  topic: z.string().nullable(),
  attempt: z.number().int().describe('Calls made or meant'),
  attempts: z.array(attemptSchema),
  dueAt: instant.nullable().describe('When a waiting command is looked at again'),
  endedAt: instant.nullable(),
  requestedBy: z.string().nullable(),
  requestedAt: instant.nullable(),
})

export function notificationAnswer(command: Command): z.infer<typeof notificationSchema> {
  const { pageId, commandId, person, topic, requestedBy, requestedAt, final } = command
  const state = stateOf(command)
  const wait = state === 'open' ? waitOf(command) : null
  const doubt = state === 'in-doubt' ? command.attempts.at(-1)?.reason : null
  return {
    ...{ pageId, commandId, person, topic, requestedBy, requestedAt, state },
    reason: final?.reason ?? wait?.reason ?? doubt ?? null,
    messageId: final?.messageId ?? null,
    certainty: final?.certainty ?? null,
    settledBy: final?.settledBy ?? null,
    tokenId: final?.tokenId ?? command.attempts.at(-1)?.tokenId ?? null,
    attempt: lastAttempt(command),
    attempts: command.attempts.map(({ dueAt: _, ...attempt }) => ({ ...attempt })),
    dueAt: wait?.dueAt ?? null,
    endedAt: final?.at ?? null,
  }
}
