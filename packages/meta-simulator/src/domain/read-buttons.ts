import { checkLength, firstFault } from './check-length.ts'
import { isJsonObject } from './json-object.ts'
import type { Refused } from './judgement.ts'
import { ownMember } from './own-member.ts'
import type { Switches } from './switches.ts'

const BUTTONS_MAX = 3
/** Of the pages on buttons and on postbacks. */
const TITLE_CHARACTERS_MAX = 20
const PAYLOAD_CHARACTERS_MAX = 1000

/** The members that a button of a kind must have. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  web_url: ['title', 'url'],
  postback: ['title', 'payload'],
  phone_number: ['title', 'payload'],
  account_link: ['url'],
  account_unlink: [],
  game_play: ['title'],
}

/** Checks `buttons` of a template; `min` is how many there must be. */
export function checkButtons(value: unknown, min: number, switches: Switches): Refused | null {
  const buttons = value ?? []
  if (!Array.isArray(buttons)) return { situation: 'buttons-invalid', detail: 'not a list' }
  if (buttons.length < min || buttons.length > BUTTONS_MAX) {
    return { situation: 'buttons-invalid', detail: `${buttons.length} came, up to 3 are possible` }
  }
  return firstFault(buttons.map((button: unknown) => checkButton(button, switches)))
}

function checkButton(button: unknown, switches: Switches): Refused | null {
  if (!isJsonObject(button)) return { situation: 'buttons-invalid', detail: 'not an object' }
  const needed = ownMember(NEEDED, button.type)
  if (needed === undefined) return { situation: 'buttons-invalid', detail: 'of no known type' }
  const absent = needed.find((name) => typeof button[name] !== 'string' || button[name] === '')
  if (absent !== undefined) return { situation: 'button-field-missing', detail: absent }
  const { title, payload } = button
  return (
    checkLength('buttons[title]', { value: title, max: TITLE_CHARACTERS_MAX }, switches) ??
    checkLength('buttons[payload]', { value: payload, max: PAYLOAD_CHARACTERS_MAX }, switches)
  )
}
