/**
 * Whether a command can be what it claims to be. What is refused here is refused for good: no
 * state, clock or later event could make it valid.
 */
import type { Notify, ReasonCode } from '@otn/contracts'
import type { CommandId, PageId } from '@otn/kernel'
import type { NotifySettings } from '@otn/policy'
import { judgeNotifyWords } from './judge-notify.ts'
import type { RuledOut } from './judgement.ts'

const COMMAND_ID_CHARACTERS_MAX = 128
const PAGE_ID = /^\d{1,32}$/
const CONTROL = /\p{Cc}/u

type Ids = Pick<Notify, 'commandId' | 'pageId'>

/** Why a command cannot even be refused under its own id; null where it can be recorded. */
export function unusableId(ids: Ids): ReasonCode | null {
  const { commandId, pageId } = usableIds(ids)
  if (commandId === null) return 'command-id-invalid'
  return pageId === null ? 'page-id-invalid' : null
}

/** The ids that can be repeated elsewhere, whatever else is wrong. */
export function usableIds({ commandId, pageId }: Ids): {
  readonly commandId: CommandId | null
  readonly pageId: PageId | null
} {
  const { length } = commandId
  const isSized = length > 0 && length <= COMMAND_ID_CHARACTERS_MAX
  const isText = !CONTROL.test(commandId) && commandId.isWellFormed()
  return {
    commandId: isSized && isText ? commandId : null,
    pageId: PAGE_ID.test(pageId) ? pageId : null,
  }
}

/** Why it can never go out, with the rule that says so; null where it can. */
export function validateNotify(notify: Notify, settings: NotifySettings): RuledOut | null {
  return judgeNotifyWords(notify, settings).refusal
}

/** JSON of the Send API message of a valid command: its text, or the message byte by byte. */
export function messageOf({ text, message }: Pick<Notify, 'text' | 'message'>): string {
  return message ?? JSON.stringify({ text: text ?? '' })
}
