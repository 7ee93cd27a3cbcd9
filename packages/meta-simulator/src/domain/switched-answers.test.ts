import { DAY_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { ADA, codeOf, NOW_MS, pretendWorld, SHOP, TOKEN } from '../../test/pretend-world.ts'
import { graphJson } from './escaped-json.ts'
import { evolve } from './evolve.ts'
import { spentTokenForms } from './faults-of-tokens.ts'
import type { JsonObject } from './json-object.ts'
import { defaultSwitches } from './switches.ts'
import { tokenEndMs } from './token-state.ts'

const withToken = { recipient: { one_time_notif_token: TOKEN }, message: { text: 'x' } }
const ask = (title: string, payload = 'p'): JsonObject => ({
  recipient: { id: ADA },
  message: {
    attachment: {
      type: 'template',
      payload: { template_type: 'one_time_notif_req', title, payload },
    },
  },
})

describe('a spent token', () => {
  test.each([
    ['token-invalid', '100'],
    ['bad-request', '100/2018034'],
    ['window-closed', '10/2018278'],
    ['person-unavailable', '551/1545041'],
  ] as const)('is answered in the form %s with %s [S1-28]', (spentTokenAnswer, code) => {
    const { call, issue, turn } = pretendWorld()
    turn({ spentTokenAnswer })
    issue()
    call(withToken)
    expect(codeOf(call(withToken))).toBe(code)
  })

  test('can be answered so that nobody can tell it from a bad body', () => {
    const { call, issue, turn } = pretendWorld()
    turn({ spentTokenAnswer: 'bad-request' })
    issue()
    call(withToken)
    const bare = (body: JsonObject) => graphJson(body).replace(/"fbtrace_id":"[^"]+"/, '')
    const bad = call({ ...withToken, message: { text: '' } })
    expect(bare(call(withToken).body)).toBe(bare(bad.body))
  })

  test('has a form for each name', () => {
    expect(spentTokenForms).toContain(defaultSwitches.spentTokenAnswer)
  })
})

test('a year of a token is 365 days, or ends on the same day of the next year', () => {
  const leapDay = Date.UTC(2024, 0, 15)
  expect(tokenEndMs(leapDay, '365-days')).toBe(leapDay + 365 * DAY_MS)
  expect(tokenEndMs(leapDay, 'calendar-year')).toBe(Date.UTC(2025, 0, 15))
})

test('requests have limits that switches move', () => {
  const { call, write, turn } = pretendWorld()
  write()
  turn({ requestPayloadMax: 5, requestsPerPersonADay: 1 })
  expect(codeOf(call(ask('A', '123456')))).toBe('100')
  expect(codeOf(call(ask('A', '12345')))).toBe('200')
  expect(codeOf(call(ask('B')))).toBe('9/2018352')
})

describe('a person', () => {
  const at = { pageId: SHOP, psid: ADA, atMs: NOW_MS }

  test('who blocked the page, or deleted the chat, is reached by nothing', () => {
    const { call, write, issue, world } = pretendWorld()
    issue()
    write()
    for (const type of ['PersonBlocked', 'ThreadDeleted'] as const) {
      evolve(world, { type, ...at })
      expect(codeOf(call(withToken))).toBe('551/1545041')
      expect(codeOf(call(ask('A')))).toBe('551/1545041')
      evolve(world, { type: 'PersonUnblocked', ...at })
    }
    write()
    expect(codeOf(call(withToken))).toBe('200')
  })

  test('who stopped the page is not reached by a token, and resumes', () => {
    const { call, issue, world } = pretendWorld()
    issue()
    evolve(world, { type: 'PersonStopped', ...at })
    expect(codeOf(call(withToken))).toBe('551/1545041')
    evolve(world, { type: 'PersonResumed', ...at })
    expect(codeOf(call(withToken))).toBe('200')
  })
})

test('following a page without naming fields follows all, or is refused, as the switch says', () => {
  const { call, turn } = pretendWorld()
  const path = { version: null, node: 'me', edge: 'subscribed_apps', rest: '' }
  expect(codeOf(call({}, { path }))).toBe('200')
  turn({ followWithoutFields: false })
  expect(codeOf(call({}, { path }))).toBe('100')
})
