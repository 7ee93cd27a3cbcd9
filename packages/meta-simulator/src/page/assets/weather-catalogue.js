/** What can go wrong by name, as knobs of the Send API. Codes as the platform documents them. */

const error = (code, more = {}) => ({ deliver: false, answer: { kind: 'error', code, ...more } })

/** In these the caller cannot know whether the message went out. */
export const UNKNOWABLE = [
  {
    name: 'lost-answer',
    label: 'No answer at all, message out',
    knob: { deliver: true, answer: { kind: 'cut-connection' } },
  },
  {
    name: 'lost-call',
    label: 'No answer at all, nothing out',
    knob: { deliver: false, answer: { kind: 'cut-connection' } },
  },
  {
    name: 'html',
    label: '502 of a proxy, message out',
    knob: { deliver: true, answer: { kind: 'html' } },
  },
  {
    name: 'empty',
    label: '500 and nothing else',
    knob: { deliver: false, answer: { kind: 'empty' } },
  },
]

/** Meta says no; nothing went out. */
export const ERRORS = [
  { name: 'blocked', label: 'Person blocked the page', knob: error(551, { subcode: 1545041 }) },
  { name: 'token-used', label: 'Token used', knob: error(100) },
  {
    name: 'rate-limit',
    label: 'Rate limit',
    knob: { deliver: false, answer: { kind: 'throttle' } },
  },
  { name: 'expired', label: 'Access token expired', knob: error(190, { subcode: 463 }) },
  { name: 'permission', label: 'Page permission taken away', knob: error(10) },
]

export const SLOW = [
  {
    name: 'slow',
    label: '3 s',
    knob: { deliver: true, waitBeforeMs: 3_000, answer: { kind: 'genuine' } },
  },
  {
    name: 'very-slow',
    label: '15 s',
    knob: { deliver: true, waitBeforeMs: 15_000, answer: { kind: 'genuine' } },
  },
]

export const KNOBS = new Map([...UNKNOWABLE, ...ERRORS, ...SLOW].map((one) => [one.name, one]))

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const JUMPS = [
  ['25 hours', 25 * HOUR_MS],
  ['11 months', 335 * DAY_MS],
  ['13 months', 395 * DAY_MS],
]

/** What happens to webhooks about the person that went out already. */
export const REPLAYS = [
  ['again', 'The last one again'],
  ['late', 'The first one again, late'],
  ['reversed', 'The last two, out of order'],
  ['bundled', 'The last 20 in one body'],
  ['wrong', 'The last one, wrongly signed'],
]

/** What happens to webhooks on their way, until it clears up: name, words, on, off. */
export const WEBHOOK_WEATHER = [
  ['twice', 'Each comes twice', { duplicateShare: 1 }, { duplicateShare: 0 }],
  ['late', 'Up to a minute late', { lateShare: 1, lateMs: 60_000 }, { lateShare: 0 }],
  ['disorder', 'Out of order', { disorderShare: 1 }, { disorderShare: 0 }],
  [
    'bundled',
    'Up to 1,000 in one body',
    { eventsPerPostMax: 1_000, gatherMs: 2_000 },
    { eventsPerPostMax: 1, gatherMs: 0 },
  ],
  ['signature', 'Wrongly signed', { signature: 'wrong' }, { signature: 'valid' }],
]

/** Whether a kind of weather of webhooks is in force. */
export function isInForce(on, weather) {
  return Object.entries(on).every(([name, value]) => weather[name] === value)
}

/** A knob in a few words, for the list of what is in force. */
export function knobText({ answer, deliver, times, waitBeforeMs, psid }) {
  const known = [...KNOBS.values()].find(({ knob }) =>
    isLike(knob, { answer, deliver, waitBeforeMs }),
  )
  const what = known?.label ?? `${answer.kind}${deliver ? ', message out' : ''}`
  const when = times === null ? 'every call' : times === 1 ? 'the next call' : `${times} calls`
  return `${what}: ${when}${psid === undefined ? '' : ' to one person'}`
}

function isLike(knob, { answer, deliver, waitBeforeMs }) {
  if (knob.deliver !== deliver || (knob.waitBeforeMs ?? 0) !== waitBeforeMs) return false
  const { kind, code, subcode } = knob.answer
  if (kind !== answer.kind) return false
  return kind !== 'error' || (code === answer.code && subcode === answer.subcode)
}
