import type { Notify } from '@otn/contracts'
import type { MessageKind } from './message-kinds.ts'
import type { MessageReading } from './read-message.ts'

/** What the command itself says. */
export type NotifyWords = Pick<
  Notify,
  'pageId' | 'psid' | 'tokenId' | 'externalUserId' | 'topic' | 'text' | 'message' | 'route' | 'tag'
>

export interface NotifySettings {
  /** Kinds of message that do not go out here. */
  readonly kindsOff: readonly MessageKind[]
}

export interface NotifySituation {
  readonly notify: NotifyWords
  /** Of `message`; null where none is given. */
  readonly message: MessageReading | null
  readonly settings: NotifySettings
}
