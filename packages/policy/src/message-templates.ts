/** The templates of the Send API, each with the limits that its page documents. */
import {
  all,
  chosenBy,
  exactlyOne,
  httpUrl,
  list,
  members,
  number,
  oneOf,
  payload,
  type Shape,
  text,
  words,
} from './message-shape.ts'

const BUTTONS_MAX = 3
const BUTTON_TITLE_MAX = 20
const PAYLOAD_MAX = 1000
const ELEMENTS_MAX = 10
const ELEMENT_TEXT_MAX = 80
const BUTTON_TEMPLATE_TEXT_MAX = 640
const RECEIPT_ELEMENTS_MAX = 100
const ATTACHMENT_ID_MAX = 255

const title = words(BUTTON_TITLE_MAX)
const buttonPayload = payload(PAYLOAD_MAX)

/** A link without a title: what a tap on an element opens. */
const link: Shape = members({ needed: { url: httpUrl } })

const button: Shape = chosenBy('type', {
  web_url: members({ needed: { title, url: httpUrl } }),
  postback: members({ needed: { title, payload: buttonPayload } }),
  phone_number: members({ needed: { title, payload: text(/^\+[0-9]{5,20}$/, '+ and digits') } }),
  account_link: link,
  account_unlink: members({}),
  game_play: members({ needed: { title }, optional: { payload: buttonPayload } }),
})

const buttons = list({ min: 0, max: BUTTONS_MAX }, button)

/** A file by its address, or by the id of one that was sent or uploaded before. */
export const fileSource: Shape = all(
  exactlyOne('url', 'attachment_id'),
  members({ optional: { url: httpUrl, attachment_id: payload(ATTACHMENT_ID_MAX) } }),
)

const elementText = words(ELEMENT_TEXT_MAX)

const genericElement: Shape = members({
  needed: { title: elementText },
  optional: { subtitle: elementText, image_url: httpUrl, default_action: link, buttons },
})

const mediaElement: Shape = all(
  fileSource,
  members({ needed: { media_type: oneOf('image', 'video') }, optional: { buttons } }),
)

const receiptElement: Shape = members({ needed: { title: words(), price: number } })

/** By `template_type`. What asks for consent is no message: `RequestOptIn` asks. */
export const templates = {
  generic: members({
    needed: { elements: list({ min: 1, max: ELEMENTS_MAX }, genericElement) },
  }),
  button: members({
    needed: {
      text: words(BUTTON_TEMPLATE_TEXT_MAX),
      buttons: list({ min: 1, max: BUTTONS_MAX }, button),
    },
  }),
  media: members({ needed: { elements: list({ min: 1, max: 1 }, mediaElement) } }),
  receipt: members({
    needed: {
      recipient_name: words(),
      order_number: words(),
      currency: text(/^[A-Z]{3}$/, 'a currency of three letters'),
      payment_method: words(),
      summary: members({ needed: { total_cost: number } }),
    },
    optional: { elements: list({ min: 0, max: RECEIPT_ELEMENTS_MAX }, receiptElement) },
  }),
} as const satisfies Readonly<Record<string, Shape>>
