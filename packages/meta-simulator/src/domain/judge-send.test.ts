import { DAY_MS, HOUR_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'

import { ADA, codeOf, NOW_MS, OTHER, pretendWorld, TOKEN } from '../../test/pretend-world.ts'
import type { JsonObject } from './json-object.ts'

const toAda = { recipient: { id: ADA } }
const withToken = { recipient: { one_time_notif_token: TOKEN } }
const generic = { template_type: 'generic', elements: [{ title: 'Blue jacket' }] }
const text = { message: { text: 'It is back.' } }
const request = (title: unknown, payload: unknown = 'p'): JsonObject => ({
  message: {
    attachment: {
      type: 'template',
      payload: { template_type: 'one_time_notif_req', title, payload },
    },
  },
})

describe('a token', () => {
  test('sends one message to its person, window or not [S0-04] [S0-20]', () => {
    const { call, issue, pass, world } = pretendWorld()
    issue()
    pass(300 * DAY_MS)
    const first = call({ ...withToken, ...text })
    expect(first).toMatchObject({ status: 200, body: { recipient_id: ADA, message_id: 'm_1' } })
    expect(codeOf(call({ ...withToken, ...text }))).toBe('100')
    expect(world.deliveries.map(({ mid, route }) => [mid, route])).toEqual([['m_1', 'token']])
  })

  test('survives every refusal: only a message that went out spends it [S0-20]', () => {
    const { call, issue } = pretendWorld()
    issue()
    expect(codeOf(call({ ...withToken, message: { text: '' } }))).toBe('100/2018034')
    expect(codeOf(call({ ...withToken, ...text, tag: 'NOPE' }))).toBe('100')
    expect(call({ ...withToken, ...text }).status).toBe(200)
  })

  test('stays spent when its opt-in is told again', () => {
    const { call, issue } = pretendWorld()
    issue()
    expect(call({ ...withToken, ...text }).status).toBe(200)
    issue()
    expect(codeOf(call({ ...withToken, ...text }))).toBe('100')
  })

  test('is dead one year after it was granted', () => {
    const { call, issue, pass } = pretendWorld()
    issue('t-1')
    issue('t-2')
    pass(365 * DAY_MS - 1)
    expect(call({ recipient: { one_time_notif_token: 't-1' }, ...text }).status).toBe(200)
    pass(1)
    expect(codeOf(call({ recipient: { one_time_notif_token: 't-2' }, ...text }))).toBe('100')
  })

  test('is refused when unknown or another page’s, as the switches say [S1-28]', () => {
    const { call, issue, turn } = pretendWorld()
    expect(codeOf(call({ ...withToken, ...text }))).toBe('100')
    issue(TOKEN, OTHER)
    expect(codeOf(call({ ...withToken, ...text }))).toBe('100/2018001')
    issue('mine')
    const mine = { recipient: { one_time_notif_token: 'mine' }, ...text }
    expect(call(mine).status).toBe(200)
    turn({ answers: { 'token-spent': { code: 10, subcode: 2018278 } } })
    expect(codeOf(call(mine))).toBe('10/2018278')
  })

  test('hides the person where the switch says so', () => {
    const { call, issue, turn } = pretendWorld()
    issue()
    turn({ recipientIdOnTokenSend: false })
    expect(call({ ...withToken, ...text }).body).toEqual({ message_id: 'm_1' })
  })

  test('may carry a request for permission, and is spent by it', () => {
    const { call, issue } = pretendWorld()
    issue()
    expect(call({ ...withToken, ...request('Again?') }).status).toBe(200)
    expect(codeOf(call({ ...withToken, ...text }))).toBe('100')
  })
})

describe('a person addressed by id', () => {
  test('is reached for 24 h after their last act, and not a millisecond longer [S1-38]', () => {
    const { call, pass, write } = pretendWorld()
    expect(codeOf(call({ ...toAda, ...text }))).toBe('10/2018278')
    write()
    pass(24 * HOUR_MS - 1)
    expect(call({ ...toAda, ...text }).status).toBe(200)
    pass(1)
    expect(codeOf(call({ ...toAda, ...text }))).toBe('10/2018278')
  })

  test('is reached for seven days with a tag that lives, without asking for permission', () => {
    const { call, pass, write } = pretendWorld()
    write()
    pass(6 * DAY_MS)
    const tag = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
    expect(call({ ...toAda, ...text, ...tag }).status).toBe(200)
    expect(codeOf(call({ ...toAda, ...request('Tell you?'), ...tag }))).toBe('10/2018278')
    pass(DAY_MS)
    expect(codeOf(call({ ...toAda, ...text, ...tag }))).toBe('10/2018278')
  })

  test('must be known to the page', () => {
    const { call } = pretendWorld()
    expect(codeOf(call({ recipient: { id: '9' }, ...text }))).toBe('100/2018001')
  })
})

describe('a request for permission', () => {
  test('takes a title of 65 units and a payload [S0-09]', () => {
    const { call, write, turn } = pretendWorld()
    write()
    expect(call({ ...toAda, ...request('x'.repeat(65)) }).status).toBe(200)
    expect(codeOf(call({ ...toAda, ...request('x'.repeat(66)) }))).toBe('100')
    expect(codeOf(call({ ...toAda, ...request('😀'.repeat(33)) }))).toBe('100')
    turn({ countIn: 'code-points' })
    expect(call({ ...toAda, ...request('😀'.repeat(33)) }).status).toBe(200)
  })

  test.each([[''], [7], [undefined]])('is refused with the title %j', (title) => {
    const { call, write } = pretendWorld()
    write()
    expect(codeOf(call({ ...toAda, ...request(title) }))).toBe('100')
  })

  test('is refused when the same title comes again within a week, unless switched off', () => {
    const { call, pass, write, turn } = pretendWorld()
    write()
    expect(call({ ...toAda, ...request('Tell you?') }).status).toBe(200)
    expect(codeOf(call({ ...toAda, ...request('Tell you?') }))).toBe('613/1893016')
    expect(call({ ...toAda, ...request('Another?') }).status).toBe(200)
    pass(7 * DAY_MS)
    write()
    expect(call({ ...toAda, ...request('Tell you?') }).status).toBe(200)
    turn({ sameTitleRefused: false })
    expect(call({ ...toAda, ...request('Tell you?') }).status).toBe(200)
  })
})

describe('a body', () => {
  const bad: readonly (readonly [string, JsonObject, string])[] = [
    ['no recipient', text, '100'],
    ['an empty recipient', { recipient: {}, ...text }, '100'],
    ['two addresses', { recipient: { id: ADA, one_time_notif_token: TOKEN }, ...text }, '100'],
    ['an unknown address', { recipient: { email: 'a' }, ...text }, '100'],
    ['an address of another kind', { recipient: { user_ref: 'a' }, ...text }, '100/2018001'],
    ['message and action', { ...toAda, ...text, sender_action: 'typing_on' }, '100/2018014'],
    ['neither message nor action', toAda, '100/2018015'],
    ['an empty message', { ...toAda, message: {} }, '100/2018034'],
    ['a text of 2000', { ...toAda, message: { text: 'x'.repeat(2000) } }, '100'],
    ['a numeric text', { ...toAda, message: { text: 5 } }, '100'],
    ['metadata of 1000', { ...toAda, message: { text: 'x', metadata: 'x'.repeat(1000) } }, '100'],
    ['a strange attachment', { ...toAda, message: { attachment: { type: 'x' } } }, '100'],
    ['an unknown messaging type', { ...toAda, ...text, messaging_type: 'X' }, '100'],
    ['a tag type without tag', { ...toAda, ...text, messaging_type: 'MESSAGE_TAG' }, '100'],
    ['an invalid tag', { ...toAda, ...text, tag: 'X' }, '100'],
    ['a removed tag', { ...toAda, ...text, tag: 'ACCOUNT_UPDATE' }, '100'],
    ['an action with a token', { ...withToken, sender_action: 'typing_on' }, '100'],
  ]
  test.each(bad)('with %s is refused and delivers nothing', (_what, parameters, code) => {
    const { call, write, issue, world } = pretendWorld()
    write()
    issue()
    expect(codeOf(call(parameters))).toBe(code)
    expect(world.deliveries).toEqual([])
  })

  const good: readonly (readonly [string, JsonObject])[] = [
    ['a text of 1999 characters', { message: { text: 'x'.repeat(1999) } }],
    ['metadata of 999', { message: { text: 'x', metadata: 'x'.repeat(999) } }],
    ['a picture', { message: { attachment: { type: 'image', payload: { url: 'https://x' } } } }],
    ['a template', { message: { attachment: { type: 'template', payload: generic } } }],
    ['every type', { ...text, messaging_type: 'UPDATE', notification_type: 'NO_PUSH' }],
  ]
  test.each(good)('with %s is delivered as it came', (_what, parameters) => {
    const { call, write, world } = pretendWorld()
    write()
    expect(call({ ...toAda, ...parameters }).status).toBe(200)
    expect(world.deliveries.at(-1)?.message).toEqual(parameters.message)
  })

  test('with an action alone is answered without a message', () => {
    const { call, world } = pretendWorld()
    expect(call({ ...toAda, sender_action: 'typing_on' }).body).toEqual({ recipient_id: ADA })
    expect(world.deliveries).toEqual([])
  })
})

test('time is data: the same call is judged by the moment it is given', () => {
  const { call, issue, world } = pretendWorld()
  issue()
  call({ ...withToken, ...text })
  expect(world.deliveries[0]?.atMs).toBe(NOW_MS)
})
