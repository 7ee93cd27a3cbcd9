/** The public words of the client. Plain texts and numbers: callers need no type of ours. */

/** Whom to notify, about what they agreed to: exactly one id, and the topic. */
export type Recipient = { readonly topic: string } & (
  | { readonly psid: string; readonly tokenId?: never; readonly externalUserId?: never }
  | { readonly tokenId: string; readonly psid?: never; readonly externalUserId?: never }
  | { readonly externalUserId: string; readonly psid?: never; readonly tokenId?: never }
)

/** Whom to write to without a token; a topic is told along, and bounds what a withdrawal stops. */
export interface PersonRecipient {
  readonly psid: string
  readonly topic?: string
  readonly tokenId?: never
  readonly externalUserId?: never
}

/** Which way the message goes. */
export type Way =
  /** TOKEN, the default, spends a token; AUTO only where the 24-hour window is closed. */
  | { readonly route?: 'TOKEN' | 'AUTO'; readonly tag?: never; readonly to: Recipient }
  /** Within the 24-hour window. */
  | { readonly route: 'WINDOW'; readonly tag?: never; readonly to: PersonRecipient }
  /** With a message tag, such as HUMAN_AGENT, that the platform granted to the page. */
  | { readonly route: 'TAG'; readonly tag: string; readonly to: PersonRecipient }

/** Either a text (fewer than 2000 characters, never split) or a Send API message. */
export type Content =
  | { readonly text: string; readonly message?: never }
  | { readonly message: Readonly<Record<string, unknown>>; readonly text?: never }

/** Of which page, once under which id, and when. */
interface NotifyFrame {
  readonly pageId: string
  /**
   * The command's id, unique per page, 1-128 characters: give the same one for the same wish, and
   * a repeat has no second effect. A new UUID (version 7) where it is left out.
   */
  readonly idempotencyKey?: string
  /** No attempt starts before this instant (a number is milliseconds since the epoch, UTC). */
  readonly notBefore?: Date | number
  /** No attempt starts after this instant; without it the command waits as long as it must. */
  readonly giveUpAt?: Date | number
  /** Of the person (IANA, as Asia/Tokyo): quiet hours go by it, in place of the page's. */
  readonly timeZone?: string
}

export type NotifyInput = Content & Way & NotifyFrame

/** Whose consent is withdrawn: of a person (about one topic or all), of a topic, or one token. */
export type ConsentScope =
  | {
      readonly psid: string
      readonly topic?: string
      readonly person?: never
      readonly tokenId?: never
    }
  | {
      /** Pseudonym, as events and the token-ledger name the person. */
      readonly person: string
      readonly topic?: string
      readonly psid?: never
      readonly tokenId?: never
    }
  | {
      readonly tokenId: string
      readonly psid?: never
      readonly person?: never
      readonly topic?: never
    }
  /** Of everybody: nobody is to hear about the topic on the consents given so far. */
  | {
      readonly topic: string
      readonly psid?: never
      readonly person?: never
      readonly tokenId?: never
    }

export interface WithdrawInput {
  readonly pageId: string
  readonly consent: ConsentScope
  /** As of `NotifyInput`. */
  readonly idempotencyKey?: string
}

export interface CancelInput {
  readonly pageId: string
  /** The command that is to be cancelled; it need not be published yet. */
  readonly commandId: string
  /** As of `NotifyInput`: the id of the cancel itself. */
  readonly idempotencyKey?: string
}

/** Names a campaign of a page. */
export interface CampaignInput {
  readonly pageId: string
  /** Unique per page, 1-100 characters. */
  readonly campaignId: string
  /** As of `NotifyInput`: the id of this very request. */
  readonly idempotencyKey?: string
}

/** What everybody who holds a live token for the topic when it starts is told, once each. */
export type StartCampaignInput = Content & CampaignInput & { readonly topic: string }

/** What the calls of `campaign` give back: the command id is that of the request itself. */
export interface Steered extends Requested {
  readonly campaignId: string
}

/**
 * Notifications to all holders of a topic. Each call resolves as `notify` does, and throws as it
 * does; requests about one campaign are carried out in the order in which they are acknowledged.
 */
export interface CampaignCalls {
  /** Asked again with the same campaign it changes nothing; another one under its id is refused. */
  start(input: StartCampaignInput): Promise<Steered>
  /** Whoever was not called yet waits; calls under way still end. */
  pause(input: CampaignInput): Promise<Steered>
  resume(input: CampaignInput): Promise<Steered>
  /** For good: whoever was not called yet is not called any more. */
  stop(input: CampaignInput): Promise<Steered>
}

/** What `withdraw` and `cancel` give back: the id is that of the request itself. */
export interface Requested {
  readonly pageId: string
  readonly commandId: string
  readonly position: LogPosition
}

/** Whom to ask, and what they would agree to hear about. */
export type AskedRecipient = { readonly topic: string } & (
  | { readonly psid: string; readonly tokenId?: never }
  /** Spends the token; within the 24-hour window a question by psid is free. */
  | { readonly tokenId: string; readonly psid?: never }
)

export interface RequestOptInInput {
  readonly pageId: string
  readonly to: AskedRecipient
  /** What the person reads above the button: at most 65 UTF-16 code units. */
  readonly title: string
  /** Comes back with the consent: an opaque id of yours, nothing personal. */
  readonly context?: string
  /** As of `notify`; the ids of both are one set. */
  readonly idempotencyKey?: string
  /** No attempt starts after this instant (a number is milliseconds since the epoch, UTC). */
  readonly giveUpAt?: Date | number
  /** As of `NotifyInput`. */
  readonly timeZone?: string
}

/** Where a record stands in the log; offsets are decimal texts, so it can be stored as JSON. */
export interface LogPosition {
  readonly kafkaTopic: string
  readonly partition: number
  readonly offset: string
}

/** What `notify` and `requestOptIn` give back; stored, it serves another process. */
export interface Notified {
  /** Present where the command asks for consent. */
  readonly asks?: true
  readonly pageId: string
  readonly commandId: string
  readonly position: LogPosition
  /** Every fact about this publication stands at or after these offsets, one per partition. */
  readonly outcomeFrom: readonly string[]
  /** Tells this command from another one under the same id: SHA-256, 64 hex digits. */
  readonly digest: string
}

/** A published command of another notifier. */
export interface CommandReference {
  readonly asks?: true
  readonly pageId: string
  readonly commandId: string
  /** Facts about another command under the same id are passed over. */
  readonly digest?: string
  readonly outcomeFrom?: readonly string[]
}

export interface OutcomeOptions {
  /** Page of a command given by its id alone; needed where two pages have one of that id. */
  readonly pageId?: string
  /** Longest wait for a final fact, milliseconds; 0 (the default) tells what is known now. */
  readonly waitMs?: number
  /**
   * Reads facts back to this instant. Needed where the command may have been published before by
   * an earlier run under the same idempotency key: a repeat adds no new fact.
   */
  readonly since?: Date | number
}

/** A refusal in words: what it means, who must act, what to do next (docs/errors.md). */
export interface Explained {
  readonly reason: string
  readonly meaning: string
  readonly who: 'caller' | 'operator' | 'page' | 'person' | 'nobody'
  readonly next: string
}

/** What became of a command. Instants are milliseconds since the epoch. */
export type Outcome =
  | {
      readonly state: 'sent'
      readonly at: number
      readonly messageId: string | null
      /** CONFIRMED by the answer, ECHOED by the webhook, INFERRED, or OPERATOR by hand. */
      readonly certainty: string
    }
  /** Known: nothing went out, by any attempt. */
  | (Explained & {
      readonly state: 'failed'
      readonly at: number
      /** True where the token is live again. */
      readonly tokenReleased: boolean
    })
  | { readonly state: 'cancelled'; readonly at: number }
  /** The message may be out. Never repeat it; later evidence may still settle it. */
  | (Explained & { readonly state: 'in-doubt'; readonly at: number })
  /** No final fact yet; with a reason where the command is known to wait. */
  | (Partial<Explained> & { readonly state: 'pending'; readonly dueAt?: number })

/** Publishes commands and follows what becomes of them. Safe for concurrent calls. */
export interface Notifier extends AsyncDisposable {
  /**
   * Resolves once Kafka has acknowledged the command on all in-sync replicas.
   * @throws OTN_CLIENT_INVALID naming every wrong field; OTN_BUS_* (mostly retryable): then
   *   `details.commandId` is the key under which the call can be repeated without a second effect
   */
  notify(input: NotifyInput): Promise<Notified>
  /**
   * Withdraws the consents given until now; one that is given later holds. Resolves as `notify`
   * does. From the moment that the token-ledger has carried it out nothing is sent on them, not by
   * commands that wait already either: those fail with `token-withdrawn`.
   * @throws as `notify`
   */
  withdraw(input: WithdrawInput): Promise<Requested>
  /**
   * Cancels a notification that did not go out yet, also one that is published later under this
   * id; what went out, or may have, stays as it is, and `outcome` tells which. Resolves as `notify`
   * does.
   * @throws as `notify`
   */
  cancel(input: CancelInput): Promise<Requested>
  readonly campaign: CampaignCalls
  /**
   * Asks a person whether they want to be notified; what comes of it is their tap, which arrives
   * as consent. Resolves and throws as `notify`.
   */
  requestOptIn(input: RequestOptInInput): Promise<Notified>
  /**
   * Resolves at the first final fact (sent, failed, cancelled), or after `waitMs` with what is
   * known by then (in-doubt, pending).
   * @param command what `notify` gave; its id alone is enough at the notifier that published it
   * @throws OTN_CLIENT_INVALID, OTN_BUS_UNREACHABLE (retryable)
   */
  outcome(command: string | Notified | CommandReference, options?: OutcomeOptions): Promise<Outcome>
  /** Sends what is queued, then lets go of Kafka; open `outcome` calls end with what is known. */
  close(): Promise<void>
}
