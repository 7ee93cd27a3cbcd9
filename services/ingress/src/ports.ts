import type { AlarmEvent, TopicAlias } from '@otn/contracts'
import type { Secret } from '@otn/kernel'
import type { Fact } from './domain/facts.ts'
import type { SignatureClaim, SignatureHeaders } from './domain/signature-header.ts'
import type { SpoolState } from './domain/spool-state.ts'
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
  /** It bore a signature of the right form, whoever made it. */
  readonly isSigned: boolean
  /** Of a verified body that was not answered 200. */
  readonly pages: readonly string[]
  /** Acknowledged by the log before the answer. */
  readonly records: number
}

/** Who is connected now. */
export interface Room {
  readonly connections: () => number
  /** Of bodies that have not arrived whole, as announced. */
  readonly receivingBytes: () => number
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

/** A webhook that is known to be the platform's: what it says is still to be written. */
export interface VerifiedWebhook {
  readonly body: Buffer
  readonly appId: string
  /** As the platform sent it, `<algorithm>=<hex>`. */
  readonly signature: string
  /** Business clock; its facts bear this time, whenever they are written. */
  readonly receivedAtMs: number
}

/**
 * Writes what a webhook says. Resolves when all of it is kept: on the log, or on the spool.
 * The same webhook again adds no new fact.
 * @param elapsedMs since the head of the request arrived
 * @returns how many records it came to; 0 where all of it was only counted
 * @throws OTN_HTTP_UNAVAILABLE (send it again)
 */
export type TakeWebhook = (webhook: VerifiedWebhook, elapsedMs: () => number) => Promise<number>

/** Verified webhooks on a disk of ours, while the log is away. */
export interface Spool {
  /**
   * Resolves when the webhook is on the disk, synced.
   * @throws OTN_HTTP_UNAVAILABLE where it is not within the limit; it may be there later
   */
  append(webhook: VerifiedWebhook, limitMs: number): Promise<void>
  /**
   * What was put there first, closed for what comes; null where nothing else is held.
   * @param passedOver names of files that others come before
   * @throws what the disk says; that file comes behind the others then
   */
  oldest(passedOver?: ReadonlySet<string>): Promise<SpooledSegment | null>
  state(): SpoolState
  close(): Promise<void>
}

/** A file of the spool; it goes as a whole once all of its webhooks are on the log. */
export interface SpooledSegment {
  readonly name: string
  /** In the order of their receipt. @throws OTN_VAULT_KEY_UNKNOWN, OTN_VAULT_SEAL_BROKEN */
  readonly webhooks: readonly (() => VerifiedWebhook)[]
  /** One of them can never be taken: the file is set aside, not deleted, also if read anew. */
  spoil(): void
  forget(): Promise<{ readonly isSound: boolean }>
}

export interface SpoolSegment {
  readonly name: string
  readonly bytes: number
}

/** A file that is added to. */
export interface SpoolFile {
  readonly name: string
  write(bytes: Buffer): Promise<void>
  /** What was written survives a loss of power once this resolves. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** The folder of the spool. What resolves has happened for good: the folder is synced, too. */
export interface SpoolDisk {
  /** As found at the start, oldest first. */
  list(): Promise<readonly SpoolSegment[]>
  /** How many files were set aside. */
  damaged(): Promise<number>
  read(name: string): Promise<Buffer>
  create(): Promise<SpoolFile>
  remove(name: string): Promise<void>
  cut(name: string, bytes: number): Promise<void>
  setAside(name: string): Promise<void>
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

/** The same for connections. */
export interface TellConnections {
  /** One was cut so that a younger one finds room. */
  cutForOthers(): void
}

/** The same for the file of apps, which is read again while the ingress runs. */
export interface TellApps {
  appsRead(appIds: readonly string[]): void
  /** What was known before stays in force. */
  appsUnusable(error: unknown): void
}

/** The same for the spool. */
export interface TellSpool {
  spoolOpened(state: SpoolState): void
  /** A crash left half a webhook, for which nobody got a 200. */
  spoolCut(bytes: number): void
  spooled(webhook: VerifiedWebhook): void
  notSpooled(error: unknown): void
  drained(report: WebhookReport): void
  /** One of its webhooks cannot be taken; its file is set aside. */
  spoiled(error: unknown): void
  /** The log takes nothing (OTN_HTTP_UNAVAILABLE), or the disk refuses. */
  drainHalted(error: unknown): void
  segmentDrained(webhooks: number, outcome: { readonly isSound: boolean }): void
}

/** The same for alarms: people and metrics learn of one before the log does. */
export interface TellAlarms {
  alarmRaised(alarm: WebhookAlarm): void
  alarmCleared(alarm: WebhookAlarm): void
  alarmsNotWritten(owed: number, error: unknown): void
}
