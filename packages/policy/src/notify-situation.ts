import type { Notify, ReasonCode } from '@otn/contracts'
import type { MessageKind } from './message-kinds.ts'
import type { MessageReading } from './read-message.ts'
import type { Strictness } from './request-situation.ts'
import type { Route, TakenRoute } from './route.ts'

/** What the command itself says. */
export type NotifyWords = Pick<
  Notify,
  | ('pageId' | 'psid' | 'tokenId' | 'externalUserId' | 'topic')
  | ('text' | 'message' | 'route' | 'tag' | 'timeZone')
>

/** A message tag that the platform granted; to one page, or (null) to all of them. */
export interface AllowedTag {
  readonly pageId: string | null
  readonly tag: string
}

export interface NotifySettings {
  /** Kinds of message that do not go out here. */
  readonly kindsOff: readonly MessageKind[]
  readonly routesOff: readonly Route[]
  readonly tags: readonly AllowedTag[]
  /** Of a message by WINDOW after the window: `flag` leaves the refusal to the platform. */
  readonly windowGuard: Strictness
  /** Of content that names a person or gives access. */
  readonly personalData: Strictness
  /** Of content that speaks of health, money or legal standing. */
  readonly sensitiveWords: Strictness
}

/** What the ledger says, and what was chosen upon it. */
export interface NotifyWorld {
  /** End of the person's 24-hour window; null = never opened. */
  readonly windowOpenUntil: number | null
  readonly route: TakenRoute
  /** Why no token can be spent; null where one can, or none is to. */
  readonly tokenFault: ReasonCode | null
  /** Another app owns the thread: refused, or (`flag`) it waits. Left out or null = none does. */
  readonly threadElsewhere?: Strictness | null
  /**
   * Whether an account of the page's site names somebody; `moved` = not whom the command was tried
   * for. Left out where the command names none.
   */
  readonly account?: 'linked' | 'unlinked' | 'moved' | undefined
  /** More of that, in a line; nothing of a person's. */
  readonly tokenDetail?: string | null
}

export interface NotifySituation {
  readonly notify: NotifyWords
  /** Of `message`; null where none is given. */
  readonly message: MessageReading | null
  readonly settings: NotifySettings
  /** Business clock; null = it is not due, or nobody has looked. */
  readonly nowMs: number | null
  /** Null = nobody has looked. */
  readonly standing: 'good' | 'warned' | 'blocked' | null
  /** Null = nobody was asked. */
  readonly world: NotifyWorld | null
}
