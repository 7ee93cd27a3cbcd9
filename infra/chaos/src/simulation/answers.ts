/** What the platform may answer: every row of the answer table, and every shape that has no row. */
import { type AnswerRow, answerTable } from '@otn/graph-api'

export interface Answer {
  readonly name: string
  readonly status: number
  readonly json: unknown
  /** Whether the message goes out although, or because, this is answered. */
  readonly delivers: 'yes' | 'maybe' | 'never'
}

export const accepted: Answer = { name: 'accepted', status: 200, json: null, delivers: 'yes' }
export const bare = refusal('bare 100', { code: 100 })
const USED_PAIR = { code: 100, subcode: 2018999 } as const
export const USED = { ...USED_PAIR, answer: refusal('used', USED_PAIR) }

/** What a person is not asked any more: more than a day has passed since they wrote. */
export const OUTSIDE = refusal('outside the window', { code: 10, subcode: 2018278 })

/** To a call with a token: one for each code that a row lists, then the shapes without a row. */
export const ANSWERS = answersBut('psid')

/** The same to a call that names the person. */
export const ANSWERS_BY_PSID = answersBut('token')

function answersBut(other: AnswerRow['on']): readonly [Answer, ...Answer[]] {
  const [first, ...others] = shapes()
  return [first, ...others, ...answerTable.filter(({ on }) => on !== other).flatMap(answersOf)]
}

interface Code {
  readonly code: number
  readonly subcode?: number | null
  readonly text?: string
  readonly isTransient?: boolean
}

function answersOf(row: AnswerRow): readonly Answer[] {
  const text = row.text ? { text: 'Invalid appsecret_proof' } : {}
  const isUnknown = row.verdict.class === 'unknown'
  return row.codes.map((pattern) => {
    const [code, subcode] = pattern.split('/')
    const pair = { code: Number(code), subcode: subcode ? Number(subcode) || 4242 : null }
    const answer = refusal(`${row.id} ${pattern}`, { ...pair, ...text })
    if (!isUnknown) return answer
    // Documented as an error after the messages were delivered.
    return { ...answer, delivers: row.id === 'error-after-delivery' ? 'yes' : 'maybe' }
  })
}

function shapes(): readonly [Answer, ...Answer[]] {
  return [
    { name: '500 page', status: 500, json: null, delivers: 'maybe' },
    { name: '502 page', status: 502, json: null, delivers: 'yes' },
    { name: '503 page', status: 503, json: null, delivers: 'never' },
    { name: '500 with a refusal', ...errorOf({ code: 551 }), status: 500, delivers: 'maybe' },
    { name: '200 unreadable', status: 200, json: { ok: true }, delivers: 'maybe' },
    { name: '200 cut', status: 200, json: null, delivers: 'yes' },
    { name: '429 page', status: 429, json: null, delivers: 'never' },
    { name: 'unlisted', ...errorOf({ code: 77777 }), status: 400, delivers: 'maybe' },
    {
      name: 'passing refusal',
      ...errorOf({ code: 551, isTransient: true }),
      status: 400,
      delivers: 'maybe',
    },
  ]
}

function refusal(name: string, code: Code): Answer {
  return { name, ...errorOf(code), status: 400, delivers: 'never' }
}

function errorOf({ code, subcode = null, text = 'refused', isTransient }: Code) {
  const pair = subcode === null ? { code } : { code, error_subcode: subcode }
  const transient = isTransient === undefined ? {} : { is_transient: isTransient }
  return { json: { error: { message: text, type: 'OAuthException', ...pair, ...transient } } }
}
