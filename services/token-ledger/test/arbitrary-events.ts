/** Random facts about one token, one person, one page: what laws of the folds are shown on. */
import type {
  ConsentWithdrawn,
  EngagementEvent,
  NotificationEvent,
  OptInReceived,
  OptInRequestEvent,
  PageEvent,
  TokenEvent,
} from '@otn/contracts'
import { commandId, eventId, messageId, pageId, personId, tokenId } from '@otn/kernel'
import fc from 'fast-check'

export const page = pageId('1000')
export const person = personId('sStxGmklUR7y9IbqqR-AlG')
export const token = tokenId('19342fe8002e6df3cf684809ae863aef')

/** Few instants, so that a clock that stands still is part of every run. */
const at = fc.integer({ min: 1, max: 6 })
const topic = fc.constantFrom('restock-1', 'restock-2', null)
const flag = fc.constantFrom(true, false, null)
const who = { pageId: page, person, tokenId: token }

export const optIns: fc.Arbitrary<OptInReceived> = fc
  .record({ at, topic, grantedAt: at, sealed: fc.uint8Array({ minLength: 1, maxLength: 2 }) })
  .map(({ sealed, ...told }) => ({
    ...who,
    ...told,
    type: 'OptInReceived' as const,
    eventId: eventId('opt-in'),
    kind: 'one_time_notif_req',
    origin: 'webhook',
    keyId: 'k1',
    sealed: Buffer.from(sealed),
  }))

const call = fc.record({
  at,
  commandId: fc.constantFrom('c1', 'c2', 'c3').map(commandId),
  attempt: fc.integer({ min: 0, max: 3 }),
  route: fc.constantFrom('TOKEN', 'TOKEN', 'TOKEN', 'WINDOW'),
  tokenReleased: flag,
  graphCode: fc.constantFrom(100, 551, null),
  graphSubcode: fc.constantFrom(2018001, null),
})

export const calls: fc.Arbitrary<NotificationEvent> = fc
  .tuple(
    call,
    fc.constantFrom<NotificationEvent['type'][]>(
      'NotificationScheduled',
      'NotificationAttempted',
      'NotificationSent',
      'NotificationFailed',
      'NotificationInDoubt',
      'NotificationCancelled',
      'CommandRejected',
    ),
  )
  .map(([told, type]) => ({
    ...who,
    ...told,
    type,
    eventId: eventId(`${type}/${told.commandId}/${told.attempt}`),
    commandDigest: 'd',
    reason: 'graph-refused',
    certainty: 'CONFIRMED',
    messageId: messageId('m'),
    dueAt: 9,
    keyId: 'k1',
    sealed: Buffer.from('x'),
  }))

export const requests: fc.Arbitrary<OptInRequestEvent> = fc
  .tuple(
    call,
    fc.constantFrom<OptInRequestEvent['type'][]>(
      'OptInRequestAttempted',
      'OptInRequestSent',
      'OptInRequestFailed',
      'OptInRequestInDoubt',
      'OptInRequestScheduled',
    ),
  )
  .map(([told, type]) => ({
    ...who,
    ...told,
    type,
    eventId: eventId(`${type}/${told.commandId}/${told.attempt}`),
    commandDigest: 'd',
    reason: 'graph-refused',
    certainty: 'CONFIRMED',
    dueAt: 9,
    keyId: 'k1',
    sealed: Buffer.from('x'),
  }))

/** Of the person, of a topic, of both, or of the token alone. */
export const withdrawals: fc.Arbitrary<ConsentWithdrawn> = fc
  .record({
    by: fc.constantFrom('person', 'topic', 'both', 'token'),
    topic: fc.constantFrom('restock-1', 'restock-2'),
    withdrawnAt: at,
    at,
  })
  .map((told) => ({
    pageId: page,
    type: 'ConsentWithdrawn' as const,
    eventId: eventId(Object.values(told).join('/')),
    at: told.at,
    person: told.by === 'person' || told.by === 'both' ? person : null,
    topic: told.by === 'topic' || told.by === 'both' ? told.topic : null,
    tokenId: told.by === 'token' ? who.tokenId : null,
    withdrawnAt: told.withdrawnAt,
    reason: 'token-withdrawn',
  }))

type AboutToken = Exclude<TokenEvent, ConsentWithdrawn>

/** One event id stands for one fact: its content follows from the id. */
export const tokenEvents: fc.Arbitrary<AboutToken> = fc
  .tuple(
    at,
    fc.constantFrom('restock-1', 'restock-2', 'restock-3'),
    fc.constantFrom<AboutToken['type'][]>(
      'TokenWithdrawn',
      'TokenTopicAssigned',
      'TokenExpiring',
      'TokenExpired',
    ),
  )
  .map(([when, name, type]) => ({
    ...who,
    type,
    at: when,
    eventId: eventId(`${type}/${when}/${name}`),
    topic: name,
    reason: 'token-withdrawn',
    expiresAt: 9,
    daysLeft: 7,
  }))

export const engagements: fc.Arbitrary<EngagementEvent> = fc
  .tuple(
    at,
    at,
    fc.constantFrom('message', 'postback', 'quick-reply', 'reaction', 'delivery'),
    fc.constantFrom('app-1', 'app-2', null),
    fc.constantFrom<EngagementEvent['type'][]>(
      'PersonEngaged',
      'ReferralReceived',
      'PluginOptInReceived',
      'AccountLinked',
      'AccountUnlinked',
      'ThreadControlChanged',
    ),
  )
  .map(([when, occurredAt, kind, newOwnerAppId, type]) => ({
    pageId: page,
    person,
    type,
    at: when,
    occurredAt,
    kind,
    newOwnerAppId,
    eventId: eventId([type, when, occurredAt, kind, newOwnerAppId].join('/')),
    keyId: 'k1',
    sealed: Buffer.from('x'),
  }))

export const pageEvents: fc.Arbitrary<PageEvent> = fc
  .tuple(
    at,
    fc.constantFrom('a', 'b'),
    fc.constantFrom('block', 'unblock', 'warning'),
    fc.constantFrom('granted', 'revoked'),
    fc.constantFrom(null, '[]', '[{"ruleId":"a","ruleKind":"identity"}]', 'broken'),
    fc.constantFrom<PageEvent['type'][]>(
      'DeploymentPinned',
      'PageConnected',
      'PageDisconnected',
      'PageCapabilityChanged',
      'PagePolicyEnforced',
      'PagePaused',
      'PageResumed',
      'TopicDeclared',
      'TopicRuleSet',
    ),
  )
  .map(([when, name, action, state, rules, type]) => ({
    pageId: page,
    type,
    at: when,
    eventId: eventId([type, when, name, action, state, rules].join('/')),
    name,
    appId: 'app-1',
    topic: name,
    ruleId: name,
    ruleKind: 'exact',
    rules,
    rulesVersion: when,
    mayNotify: rules,
    capability: 'one-time-notification',
    action,
    state,
    pepperCheck: 'p',
    keyId: 'k1',
    sealed: Buffer.from('x'),
  }))
