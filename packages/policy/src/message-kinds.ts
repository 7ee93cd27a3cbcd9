/** The kinds of message of the Send API that go out here, and what each of them has to be. */
import {
  all,
  chosenBy,
  exactlyOne,
  httpUrl,
  invalid,
  isMembers,
  list,
  type MessageFault,
  members,
  payload,
  type Shape,
  truth,
  VISIBLE,
  words,
} from './message-shape.ts'
import { fileSource, templates } from './message-templates.ts'

/** The Send API takes fewer than 2000 UTF-16 code units; a longer text is never split. */
const TEXT_UNITS_MAX = 1999
const REPLIES_MAX = 13
const REPLY_TITLE_MAX = 20
const PAYLOAD_MAX = 1000
const OWN_MEMBERS = ['text', 'attachment', 'quick_replies']

const file: Shape = members({
  needed: { payload: all(fileSource, members({ optional: { is_reusable: truth } })) },
})
const files = { image: file, audio: file, video: file, file } as const

/** Each can be switched off by name. */
export const messageKinds = [
  'text',
  'image',
  'audio',
  'video',
  'file',
  'generic',
  'button',
  'media',
  'receipt',
  'quick-replies',
] as const

export type MessageKind = (typeof messageKinds)[number]

/** Numbers and addresses are filled in by the platform, so those kinds bring no words. */
const reply: Shape = chosenBy('content_type', {
  text: members({
    needed: { title: words(REPLY_TITLE_MAX), payload: payload(PAYLOAD_MAX) },
    optional: { image_url: httpUrl },
  }),
  user_phone_number: members({}),
  user_email: members({}),
})
const replies = list({ min: 0, max: REPLIES_MAX }, reply)

export function textFault(text: string): MessageFault | null {
  if (!VISIBLE.test(text)) return { reason: 'text-empty', fault: 'text holds no visible character' }
  if (text.length <= TEXT_UNITS_MAX) return null
  const fault = `text has ${text.length} UTF-16 code units; at most ${TEXT_UNITS_MAX} are taken`
  return { reason: 'text-too-long', fault }
}

/** What a message is made of; empty where it is of no kind. */
export function kindsOf(message: Readonly<Record<string, unknown>>): readonly MessageKind[] {
  const { attachment, quick_replies: given } = message
  const [type, template] = [memberOf(attachment, 'type'), memberOf(attachment, 'payload')]
  const named = type === 'template' ? memberOf(template, 'template_type') : type
  const kinds = [
    ...(Object.hasOwn(message, 'text') ? ['text'] : []),
    ...(typeof named === 'string' && named !== 'text' ? [named] : []),
    ...(Array.isArray(given) && given.length > 0 ? ['quick-replies'] : []),
  ]
  return messageKinds.filter((kind) => kinds.includes(kind))
}

/** The first thing that is wrong with a message, whatever it is; null = the platform takes it. */
export function messageFault(message: Readonly<Record<string, unknown>>): MessageFault | null {
  // What settles doubts is ours; an echo with a stranger's metadata would prove nothing.
  if (Object.hasOwn(message, 'metadata')) {
    return { reason: 'metadata-reserved', fault: 'metadata is ours: it settles doubts' }
  }
  if (Object.keys(message).some((name) => !OWN_MEMBERS.includes(name))) {
    return invalid('message', `has a member other than ${OWN_MEMBERS.join(', ')}`)
  }
  return (
    exactlyOne('text', 'attachment')(message, 'message') ??
    members({ optional: { text: ownText, attachment, quick_replies: replies } })(message, '')
  )
}

const ownText: Shape = (value, at) =>
  typeof value === 'string' ? textFault(value) : invalid(at, 'is no text')

const attachment: Shape = (value, at) => {
  if (!isMembers(value)) return invalid(at, 'is no object')
  const known = { ...files, template: ofTemplate }
  return isNamed(known, value.type)
    ? known[value.type](value, at)
    : unknownKind(`${at}.type`, Object.keys(known))
}

const ofTemplate: Shape = (value, at) => {
  const template = memberOf(value, 'payload')
  const place = `${at}.payload`
  const name = memberOf(template, 'template_type')
  if (isNamed(templates, name)) return templates[name](template, place)
  return unknownKind(`${place}.template_type`, Object.keys(templates))
}

function unknownKind(at: string, known: readonly string[]): MessageFault {
  return { reason: 'message-kind-unknown', fault: `${at} is none of ${known.join(', ')}` }
}

function isNamed<T extends object>(table: T, name: unknown): name is keyof T & string {
  return typeof name === 'string' && Object.hasOwn(table, name)
}

function memberOf(value: unknown, name: string): unknown {
  return isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
