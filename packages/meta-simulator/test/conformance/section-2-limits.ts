/** Section 2.4 of the reference: forms of messages and their limits. */
import { button, template, text } from './bodies.ts'
import { judged } from './judged.ts'
import { leftOut, type Row } from './row.ts'

const FEEDBACK = template({ template_type: 'customer_feedback', feedback_screens: [{}] })

const long = (length: number) => 'x'.repeat(length)
const reply = { content_type: 'text', title: 'Yes', payload: 'y' }
const replies = (count: number, more: object = {}) => ({
  message: { ...text, quick_replies: Array.from({ length: count }, () => ({ ...reply, ...more })) },
})
const generic = (count: number, more: object = {}) => ({
  message: template({
    template_type: 'generic',
    elements: Array.from({ length: count }, () => ({ title: 'Jacket', ...more })),
  }),
})
const buttons = (count: number, more: object = {}) => ({
  message: template({
    template_type: 'button',
    text: 'Buy?',
    buttons: Array.from({ length: count }, () => button),
    ...more,
  }),
})
const one = (more: object) => buttons(0, { buttons: [more] })

export const section2Limits: readonly Row[] = [
  judged(
    ['2.4-text', 'D', 'a text has less than 2000 characters'],
    [
      ['ok', { message: { text: long(1999) } }],
      ['100', { message: { text: long(2000) } }],
      ['100/2018034', { message: { text: '' } }],
      ['100/2018034', { message: {} }],
    ],
  ),
  judged(
    ['2.4-metadata', 'D', 'metadata has less than 1000 characters'],
    [
      ['ok', { message: { ...text, metadata: long(999) } }],
      ['100', { message: { ...text, metadata: long(1000) } }],
    ],
  ),
  judged(
    ['2.4-attachment', 'D', 'an attachment has a type and a url or an id'],
    [
      ...['image', 'audio', 'video', 'file'].map((type) => {
        const attachment = { type, payload: { url: 'https://example.com/a' } }
        return ['ok', { message: { attachment } }] as const
      }),
      ['100', { message: { attachment: { type: 'sound', payload: { url: 'x' } } } }],
      ['100', { message: { attachment: { type: 'image', payload: {} } } }],
      [
        '100/2018074',
        { message: { attachment: { type: 'image', payload: { attachment_id: '1' } } } },
      ],
    ],
  ),
  judged(
    ['2.4-quick-replies', 'D/O', 'up to 13 quick replies, title 20, payload 1000'],
    [
      ['ok', replies(13, { title: long(20), payload: long(1000) })],
      ['100', replies(14)],
      ['100', replies(1, { title: long(21) })],
      ['100', replies(1, { payload: long(1001) })],
      ['ok', replies(1, { content_type: 'user_email' })],
      ['ok', replies(1, { content_type: 'user_phone_number' })],
      ['100', replies(1, { content_type: 'location' })],
    ],
  ),
  judged(
    ['2.4-generic', 'D', 'a generic template has 10 elements, 80 characters, 3 buttons'],
    [
      [
        'ok',
        generic(10, { title: long(80), subtitle: long(80), buttons: [button, button, button] }),
      ],
      ['100', generic(11)],
      ['100', generic(0)],
      ['100', generic(1, { title: long(81) })],
      ['100', generic(1, { subtitle: long(81) })],
      ['100/2018040', generic(1, { buttons: [button, button, button, button] })],
    ],
  ),
  judged(
    ['2.4-button', 'D', 'a button template has 640 characters and 1 to 3 buttons'],
    [
      ['ok', buttons(3, { text: long(640) })],
      ['100', buttons(1, { text: long(641) })],
      ['100/2018040', buttons(0)],
      ['100/2018040', buttons(4)],
    ],
  ),
  judged(
    ['2.4-templates', 'D', 'media, receipt, product and feedback are templates too'],
    [
      ['ok', { message: template({ template_type: 'media', elements: [{ url: 'https://f' }] }) }],
      ['ok', { message: template({ template_type: 'product', elements: [{ id: '1' }] }) }],
      ['ok', { message: FEEDBACK }],
      ['100', { message: template({ template_type: 'receipt' }) }],
      ['100', { message: template({ template_type: 'poster' }) }],
    ],
  ),
  judged(
    ['2.4-buttons', 'D/O', 'a button is one of six kinds, title 20, payload 1000'],
    [
      ['ok', one({ type: 'web_url', title: 'Shop', url: 'https://example.com' })],
      ['ok', one({ type: 'phone_number', title: 'Call', payload: '+15105551234' })],
      ['ok', one({ type: 'account_link', url: 'https://example.com' })],
      ['ok', one({ type: 'account_unlink' })],
      ['ok', one({ type: 'game_play', title: 'Play' })],
      ['ok', one({ ...button, title: long(20), payload: long(1000) })],
      ['100', one({ ...button, title: long(21) })],
      ['100', one({ ...button, payload: long(1001) })],
      ['100/2018041', one({ type: 'web_url', title: 'Shop' })],
      ['100/2018040', one({ type: 'dance', title: 'Shop' })],
    ],
  ),
  leftOut(
    ['2.4-bytes', 'D', 'a file has at most 25 MB and a video 75 s to be fetched'],
    'no file is fetched; the knobs attachment-too-large and media-timeout answer so',
  ),
]
