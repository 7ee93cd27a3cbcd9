import { describe, expect, test } from 'vitest'

import { type Knob, type SendCall, strike } from './knobs.ts'
import { type StruckCall, struckAnswer } from './struck-answer.ts'

const knob: Knob = {
  id: 'k',
  edge: 'messages',
  echoDelayMs: 0,
  skip: 0,
  times: null,
  share: 1,
  deliver: false,
  waitBeforeMs: 0,
  waitAfterMs: 0,
  answer: { kind: 'cut-connection' },
}
const call: SendCall = { edge: 'messages', pageId: '1000', psid: '2000', token: 't' }

function strikesOf(first: Knob, calls: readonly SendCall[], draw = 0): readonly boolean[] {
  let knobs: readonly Knob[] = [first]
  return calls.map((one) => {
    const struck = strike(knobs, one, draw)
    knobs = struck.knobs
    return struck.knob !== null
  })
}

describe('a knob', () => {
  test('skips first, strikes so many times, then is gone', () => {
    const five = [call, call, call, call, call]
    const counted = { ...knob, skip: 1, times: 2 }
    expect(strikesOf(counted, five)).toEqual([false, true, true, false, false])
  })

  test('counts only the calls it is meant for', () => {
    const other = { ...call, pageId: '1001' }
    const forPage = { ...knob, pageId: '1000', times: 1 }
    expect(strikesOf(forPage, [other, call, call])).toEqual([false, true, false])
    expect(strikesOf({ ...knob, token: 'u' }, [call])).toEqual([false])
    expect(strikesOf({ ...knob, psid: '2000' }, [call])).toEqual([true])
  })

  test('strikes a share of the calls', () => {
    expect(strikesOf({ ...knob, share: 0.3 }, [call], 0.29)).toEqual([true])
    expect(strikesOf({ ...knob, share: 0.3 }, [call], 0.3)).toEqual([false])
  })
})

describe('a struck answer', () => {
  const accepted = { status: 200, headers: {}, body: { recipient_id: '2000', message_id: 'm_1' } }
  const refused = { status: 400, headers: {}, body: { error: { code: 100 } } }
  const strikeWith = (struck: StruckCall['struck'], judged: StruckCall['judged']) =>
    struckAnswer({ struck, judged, pageId: '1000', traceId: 't/1' })
  const unknown = { kind: 'error', status: 500, code: 1, subcode: 1357046 } as const

  test('puts an error in the place of an acceptance, never of a refusal', () => {
    expect(strikeWith(unknown, accepted)).toMatchObject({
      status: 500,
      body: expect.stringContaining('"code":1,"error_subcode":1357046,"fbtrace_id":"t\\/1"'),
    })
    expect(strikeWith(unknown, refused)).toMatchObject({ status: 400 })
    expect(strikeWith(unknown, null)).toMatchObject({ status: 500 })
  })

  test('is cut, torn, foreign or empty whatever the judge said', () => {
    for (const judged of [accepted, refused, null]) {
      expect(strikeWith({ kind: 'cut-connection' }, judged)).toEqual({ kind: 'cut' })
      expect(strikeWith({ kind: 'html', status: 502 }, judged)).toMatchObject({ status: 502 })
      expect(strikeWith({ kind: 'empty', status: 500 }, judged)).toMatchObject({ body: '' })
      const torn = strikeWith({ kind: 'cut-json' }, judged)
      expect(() => JSON.parse('body' in torn ? torn.body : '{}')).toThrow(SyntaxError)
    }
  })

  test('of a throttled page says in minutes when to come back', () => {
    const throttle = { kind: 'throttle', code: 80006, status: 400, regainMinutes: 7 } as const
    const answer = strikeWith(throttle, null)
    const headers = 'headers' in answer ? answer.headers : {}
    expect(JSON.parse(headers['x-business-use-case-usage'] ?? '')).toMatchObject({
      1000: [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 7 }],
    })
    const appWide = strikeWith({ ...throttle, code: 4 }, null)
    expect('headers' in appWide && appWide.headers['x-app-usage']).toContain('"call_count":100')
  })
})
