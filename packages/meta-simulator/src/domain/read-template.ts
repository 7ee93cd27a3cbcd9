/** The templates that an attachment may be, each with the limits of its page. */
import { checkLength, checkText, firstFault } from './check-length.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { invalid, type Refused } from './judgement.ts'
import { ownMember } from './own-member.ts'
import { checkButtons } from './read-buttons.ts'
import type { Switches } from './switches.ts'

/** Of the one-time notification page. */
const REQUEST_TITLE_MAX = 65
const REQUEST_MEMBERS = new Set(['template_type', 'title', 'payload'])
const ELEMENTS_MAX = 10
const ELEMENT_TEXT_MAX = 80
const BUTTON_TEXT_MAX = 640

type TemplateCheck = (payload: JsonObject, switches: Switches) => Refused | null

const CHECKS: Readonly<Record<string, TemplateCheck>> = {
  one_time_notif_req: checkRequest,
  notification_messages: (payload, switches) =>
    checkLength('title', { value: payload.title, max: REQUEST_TITLE_MAX }, switches),
  generic: checkGeneric,
  button: checkButtonTemplate,
  media: checkMedia,
  receipt: checkReceipt,
  product: ({ elements }) => checkList('elements', elements, ELEMENTS_MAX),
  customer_feedback: ({ feedback_screens: screens }) => checkList('feedback_screens', screens, 10),
}

/** Checks the payload of a template attachment. */
export function checkTemplate(payload: JsonObject, switches: Switches): Refused | null {
  const check = ownMember(CHECKS, payload.template_type)
  if (check !== undefined) return check(payload, switches)
  return invalid(`param template_type must be one of ${Object.keys(CHECKS).join(', ')}.`)
}

/** Only title and payload are the page's to choose. */
function checkRequest(template: JsonObject, switches: Switches): Refused | null {
  const { title, payload } = template
  const stranger = Object.keys(template).find((name) => !REQUEST_MEMBERS.has(name))
  if (stranger !== undefined) return invalid(`param ${stranger} is not of this template.`)
  if (typeof payload !== 'string') return invalid('param payload must be a string.')
  return (
    checkText('title', { value: title, max: REQUEST_TITLE_MAX }, switches) ??
    checkLength('payload', { value: payload, max: switches.requestPayloadMax }, switches)
  )
}

function checkGeneric({ elements }: JsonObject, switches: Switches): Refused | null {
  const fault = checkList('elements', elements, ELEMENTS_MAX)
  if (fault !== null || !Array.isArray(elements)) return fault
  return firstFault(elements.map((element: unknown) => checkElement(element, switches)))
}

function checkElement(element: unknown, switches: Switches): Refused | null {
  if (!isJsonObject(element)) return invalid('param elements must hold objects.')
  const { title, subtitle, buttons } = element
  const max = ELEMENT_TEXT_MAX
  return (
    checkText('elements[title]', { value: title, max }, switches) ??
    checkLength('elements[subtitle]', { value: subtitle, max }, switches) ??
    checkButtons(buttons, 0, switches)
  )
}

function checkButtonTemplate({ text, buttons }: JsonObject, switches: Switches): Refused | null {
  if (text === undefined || text === '') return { situation: 'button-text-missing' }
  return (
    checkLength('text', { value: text, max: BUTTON_TEXT_MAX }, switches) ??
    checkButtons(buttons, 1, switches)
  )
}

function checkMedia({ elements }: JsonObject): Refused | null {
  const fault = checkList('elements', elements, 1)
  if (fault !== null || !Array.isArray(elements)) return fault
  const [element]: readonly unknown[] = elements
  if (!isJsonObject(element)) return invalid('param elements must hold objects.')
  const isNamed = typeof element.url === 'string' || typeof element.attachment_id === 'string'
  return isNamed ? null : invalid('param elements needs url or attachment_id.')
}

function checkReceipt(payload: JsonObject): Refused | null {
  const needed = ['recipient_name', 'order_number', 'currency', 'payment_method', 'summary']
  const absent = needed.find((name) => payload[name] === undefined)
  return absent === undefined ? null : invalid(`The parameter ${absent} is required`)
}

function checkList(name: string, value: unknown, max: number): Refused | null {
  if (!Array.isArray(value) || value.length === 0) return invalid(`param ${name} is required.`)
  return value.length <= max ? null : invalid(`param ${name} has more than ${max} items.`)
}
