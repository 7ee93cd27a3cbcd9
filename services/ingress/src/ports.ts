import type { AlarmEvent, TopicAlias } from '@otn/contracts'
import type { Secret } from '@otn/kernel'
import type { Fact } from './domain/facts.ts'
import type { SignatureClaim, SignatureHeaders } from './domain/signature-header.ts'
import type { WebhookAlarm } from './domain/webhook-alarms.ts'
import type { ItemResult } from './domain/webhook-item.ts'

/** An app at Meta, and what proves that a call or a webhook is of it. */
export interface MetaApp {
  readonly appId: string
  /** Newest first; several while one is rotated. */
  readonly appSecrets: readonly Secret[]
  readonly verifyTokens: readonly Secret[]
}

/** Whose secret made a signature. */
export interface Signer {
  readonly appId: string
  /** As long as an older one signs, the overlap of a rotation is not over. */
  readonly secret: 'newest' | 'older'
}

/** What a handler is given of a POST, before anybody has looked into the body. */
export interface WebhookRequest {
  /** The app whose secrets alone count; null = the path named none, and those of every app do. */
  readonly appId: string | null
  readonly headers: SignatureHeaders
  /** The bytes as they came over the wire; undefined where they could not be read. */
  readonly body: Buffer | undefined
  /** Milliseconds since the head of the request arrived, by the machine's clock. */
  readonly elapsedMs: () => number
}

/** A posted webhook, after its answer went out. */
export interface Answered {
  readonly status: number
  readonly durationMs: number
  /** The whole body; undefined where it was not read, or did not arrive. */
  readonly body: Buffer | undefined
  /** Of a verified body that was not answered 200. */
  readonly pages: readonly string[]
  /** Acknowledged by the log before the answer. */
  readonly records: number
}

/** Where alarms are written. @throws what kept them from being acknowledged */
export type PublishAlarms = (events: readonly AlarmEvent[]) => Promise<void>

/** Parameters of a GET as the query gave them; null where one is absent or came twice. */
export interface HandshakeRequest {
  /** As in a posted webhook. */
  readonly appId: string | null
  readonly mode: string | null
  readonly verifyToken: string | null
  readonly challenge: string | null
}

/** Knows the app secrets. Takes the same time for every body of one length, genuine or not. */
export interface Authenticator {
  /**
   * Whose secret made the claimed signature over exactly these bytes; null = nobody's.
   * @param appId null: each secret of every app is tried, an HMAC of the body each
   */
  signedBy(body: Uint8Array, claim: SignatureClaim, appId: string | null): Signer | null
  /** SHA-256, 64 hex digits. */
  digest(body: Uint8Array): string
}

/** Knows the verify tokens of the handshake. */
export interface VerifyToken {
  /** Whether it is one of the app, or of any for null. Constant time, whatever was given. */
  matches(given: string, appId: string | null): boolean
}

/** A fact as it goes to Kafka: sealed, encoded, with its headers. */
export interface SealedRecord {
  readonly topic: TopicAlias
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** The log, as far as a webhook needs it. */
export interface Journal {
  /** Null where the record would be above the limit of its Kafka topic. */
  seal(fact: Fact): SealedRecord | null
  /**
   * Resolves when every record is acknowledged by all in-sync replicas; group commit is inside.
   * @throws whatever kept one of them from being acknowledged before the deadline
   */
  append(records: readonly SealedRecord[], deadlineMs: number): Promise<void>
}

/** What a verified and acknowledged webhook held. Counts and digests, nothing personal. */
export interface WebhookReport {
  readonly correlationId: string
  readonly bodySha256: string
  readonly bodyBytes: number
  readonly durationMs: number
  readonly results: readonly ItemResult[]
  readonly records: number
  /** Items of pages that are not connected here. */
  readonly unknownPageItems: number
}

/** Tells people and metrics; one function for each thing that can happen. */
export interface Tell {
  accepted(report: WebhookReport): void
  notAcknowledged(report: WebhookReport, error: unknown): void
  signed(signer: Signer): void
  unauthenticated(bodyBytes: number): void
  refusedEarly(why: string): void
  handshake(outcome: 'accepted' | 'refused'): void
  pageEventUnusable(detail: string): void
  waitingForLog(error: unknown): void
}

/** The same for the file of apps, which is read again while the ingress runs. */
export interface TellApps {
  appsRead(appIds: readonly string[]): void
  /** What was known before stays in force. */
  appsUnusable(error: unknown): void
}

/** The same for alarms: people and metrics learn of one before the log does. */
export interface TellAlarms {
  alarmRaised(alarm: WebhookAlarm): void
  alarmCleared(alarm: WebhookAlarm): void
  alarmsNotWritten(owed: number, error: unknown): void
}
