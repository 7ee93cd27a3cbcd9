import {
  buildOptInRequest,
  buildPersonSend,
  buildTokenSend,
  type Classification,
  type CodePair,
  classify,
  describeAnswer,
  type GraphClient,
  type Mac,
  writeMetadata,
} from '@otn/graph-api'
import { assertNever, invariant, messageId, Secret, writePayload } from '@otn/kernel'
import type { BucketUse, CallOutcome } from '../domain/decide-outcome.ts'
import type { AnswerFacts } from '../domain/fact-draft.ts'
import type { ThreadSettings } from '../domain/thread.ts'
import { messageOf } from '../domain/validate-notify.ts'
import type { Call, Sender } from '../ports.ts'

export interface SenderParts {
  readonly client: GraphClient
  readonly mac: Mac
  /** Version of pages that name none. */
  readonly version: string
  readonly appSecret: Secret
  readonly tokenUsedCodes: readonly CodePair[]
  /** What becomes of a command while another app owns the thread; left out = it waits. */
  readonly threadOwned?: ThreadSettings['policy']
}

/** C3: one call of the Send API, and what its answer means. */
export function createSender(parts: SenderParts): Sender {
  const { client, version, appSecret, tokenUsedCodes, threadOwned = 'wait' } = parts
  return {
    send: async (call) => {
      const { connection, pageToken: pageAccessToken, token, psid, mayStart } = call
      const body = bodyOf(call, metadataOf(call, parts.mac))
      const masks = [token, psid].filter((secret) => secret !== null)
      const words = wordsOf(call.content)
      const at = { version: connection.graphVersion ?? version, pageAccessToken, appSecret }
      const seen = await client.send({ ...at, body, masks, words, mayStart })
      const addressedBy = token === null ? 'psid' : 'token'
      return outcomeOf(classify(seen, { addressedBy, tokenUsedCodes }), threadOwned)
    },
    plan: ({ connection, content, byToken }) => ({
      method: 'POST',
      path: `/${connection.graphVersion ?? version}/me/messages`,
      body: bodyOf({ content, ...(byToken ? BY_TOKEN : BY_PSID) }, METADATA),
    }),
  }
}

/** What stands in a plan for what nobody but the platform may read. */
const BY_TOKEN = { token: new Secret('[token]'), psid: null }
const BY_PSID = { token: null, psid: new Secret('[psid]') }
const METADATA = '[metadata]'

function metadataOf({ content, attempt, person }: Call, mac: Mac): string {
  const { pageId, commandId } = content
  const metadata = writeMetadata({ pageId, commandId, attempt, person }, mac)
  invariant(metadata !== null, 'the metadata of a valid command can be written')
  return metadata
}

/** A refusal may quote what it refuses; what is this short stands in other words by chance. */
const WORDS_CHARACTERS_MIN = 8

/** What is said to the person, as an answer of the platform might repeat it. */
function wordsOf(content: Call['content']): readonly Secret[] {
  const said = content.asks ? [content.title] : [content.text, ...leavesOf(content.message)]
  const words = said.filter((text) => (text?.length ?? 0) >= WORDS_CHARACTERS_MIN)
  return words.map((text) => new Secret(text ?? ''))
}

function leavesOf(message: string | null | undefined): readonly string[] {
  if (!message) return []
  const leaves: string[] = []
  JSON.parse(message, (_, value) => {
    if (typeof value === 'string') leaves.push(value)
    return value
  })
  return leaves
}

type Addressed = Pick<Call, 'content' | 'token' | 'psid'>

function bodyOf({ content, token, psid }: Addressed, metadata: string): string {
  if (content.asks) {
    const { topic, context, title } = content
    const payload = writePayload({ topic: topic ?? '', context: context ?? '' })
    invariant(payload !== null, 'the payload of a valid request can be written')
    const recipient = token ?? psid
    invariant(recipient !== null, 'a valid request names a person or a token')
    const to = token === null ? { psid: recipient } : { token: recipient }
    return buildOptInRequest({ to, title: title ?? '', payload, metadata })
  }
  const message = messageOf(content)
  if (token !== null) return buildTokenSend({ token, content: message, metadata })
  const { tag = null } = content
  invariant(psid !== null, 'a notification without a token names the person')
  return buildPersonSend({ psid, tag, content: message, metadata })
}

function outcomeOf(verdict: Classification, threadOwned: ThreadSettings['policy']): CallOutcome {
  const answer = { ...answerFacts(verdict), ...useOf(verdict) }
  switch (verdict.class) {
    case 'sent':
      return { ...answer, kind: 'sent', messageId: messageId(verdict.messageId) }
    case 'not-sent': {
      const isThrottle = verdict.kind === 'throttled'
      const [scope, waitMs] = isThrottle ? [verdict.scope, verdict.waitMs] : ['app' as const, null]
      const pause = { scope, waitMs, untilPageEvent: false }
      return { ...answer, kind: 'not-sent', reason: verdict.reason, pause }
    }
    case 'page-stopped': {
      const { reason } = verdict
      if (verdict.affects !== 'page') {
        return { ...answer, kind: 'refused', reason, tokenIsDead: false }
      }
      const pause = { scope: 'page', waitMs: null, untilPageEvent: true } as const
      return { ...answer, kind: 'not-sent', reason, pause }
    }
    case 'refused': {
      const { reason } = verdict
      if (reason !== 'thread-owned-elsewhere' || threadOwned === 'refuse') {
        return { ...answer, kind: 'refused', reason, tokenIsDead: false }
      }
      // One thread is no matter of the lane.
      return { ...answer, kind: 'not-sent', reason, pause: null }
    }
    case 'token-refused': {
      const tokenIsDead = verdict.verdict === 'dead'
      return { ...answer, kind: 'refused', reason: verdict.reason, tokenIsDead }
    }
    case 'token-used':
      return { ...answer, kind: 'token-used' }
    case 'unknown':
      return { ...answer, kind: 'unknown', mayProbe: verdict.probe === 'allowed' }
    case 'unlisted':
      return { ...answer, kind: 'unlisted' }
    default:
      return assertNever(verdict)
  }
}

/** Whoever was answered without such headers is far from every limit. */
function useOf(verdict: Classification): { readonly use?: readonly BucketUse[] } {
  const { usage } = verdict
  if (verdict.class !== 'sent') return usage.length === 0 ? {} : { use: usage }
  const unsaid = (['page', 'app'] as const).filter((scope) =>
    usage.every((bucket) => bucket.scope !== scope),
  )
  return { use: [...usage, ...unsaid.map((scope) => ({ scope, percent: 0, regainMs: 0 }))] }
}

function answerFacts(verdict: Classification): AnswerFacts {
  const { detail, row, tableVersion } = verdict
  // What the table does not judge a person must, from the whole of what may be kept.
  const isToJudge = verdict.class === 'unlisted' || verdict.class === 'unknown'
  return {
    graphCode: detail?.code ?? null,
    graphSubcode: detail?.subcode ?? null,
    fbtraceId: detail?.fbtraceId ?? null,
    detail: detail && (isToJudge ? describeAnswer(detail) : detail.text),
    rule: row,
    rulesVersion: String(tableVersion),
  }
}
