/** What messages bring: what the platform takes, what it refuses, and what lies between. */
const URL_OF = 'https://shop.example/7.png'
const image = { type: 'image', payload: { url: URL_OF } }
const buttons = (count: number, title = 'Shop') =>
  Array.from({ length: count }, () => ({ type: 'web_url', title, url: URL_OF }))
const template = (payload: object) => ({ attachment: { type: 'template', payload } })
const generic = (elements: readonly object[]) => template({ template_type: 'generic', elements })
const replies = (count: number, title = 'Yes') =>
  Array.from({ length: count }, () => ({ content_type: 'text', title, payload: 'y' }))

/** As a caller writes it: a text, or JSON of a message; both null = nothing at all. */
export interface Content {
  readonly text: string | null
  readonly message: string | null
}

const said = (text: string): Content => ({ text, message: null })
const json = (message: object): Content => ({ text: null, message: JSON.stringify(message) })

export const contents: readonly [Content, ...Content[]] = [
  said('The blue jacket is back.'),
  said('青い上着が再入荷しました 🧥'),
  said('x'),
  said('x'.repeat(1999)),
  said('x'.repeat(2000)),
  said('🔔'.repeat(999)),
  said('🔔'.repeat(1000)),
  said(''),
  said(' \u200b\n'),
  said('Ask at shop@example.com or 03-1234-5678'),
  said('Your loan was approved'),
  json({ text: 'Back.', quick_replies: replies(13) }),
  json({ text: 'Back.', quick_replies: replies(14) }),
  json({ text: 'Back.', quick_replies: replies(1, 'x'.repeat(21)) }),
  json({ text: 'Back.', metadata: 'mine' }),
  json({ text: 'Back.', persona: 'x' }),
  json({ attachment: image }),
  json({ attachment: { ...image, type: 'video' } }),
  json({ attachment: { ...image, type: 'sticker' } }),
  json({ attachment: { type: 'image', payload: {} } }),
  json({ text: 'Back.', attachment: image }),
  json(generic([{ title: 'Jacket', subtitle: 'Blue', image_url: URL_OF, buttons: buttons(3) }])),
  json(generic([{ title: 'x'.repeat(80) }])),
  json(generic([{ title: 'x'.repeat(81) }])),
  json(generic([])),
  json(generic(Array.from({ length: 11 }, () => ({ title: 'Jacket' })))),
  json(template({ template_type: 'button', text: 'Back.', buttons: buttons(1) })),
  json(template({ template_type: 'button', text: 'Back.', buttons: buttons(4) })),
  json(template({ template_type: 'button', text: 'x'.repeat(641), buttons: buttons(1) })),
  json(template({ template_type: 'media', elements: [{ media_type: 'image', url: URL_OF }] })),
  json(template({ template_type: 'media', elements: [{ media_type: 'gif', url: URL_OF }] })),
  json(template({ template_type: 'receipt', recipient_name: 'Ada' })),
  json(template({ template_type: 'coupon', title: 'x' })),
  json(template({ template_type: 'one_time_notif_req', title: 'More?', payload: 'p' })),
  { text: null, message: '{"text":"a","text":"b"}' },
  { text: null, message: '{"text":' },
  { text: null, message: null },
  { text: 'Back.', message: '{"text":"Back."}' },
]
