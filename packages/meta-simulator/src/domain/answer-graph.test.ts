import { describe, expect, test } from 'vitest'

import { ADA, codeOf, OTHER, pretendWorld, SHOP } from '../../test/pretend-world.ts'
import { readGraphPath } from './graph-request.ts'

const text = { recipient: { id: ADA }, message: { text: 'Hi' } }

describe('a path', () => {
  test.each([
    ['/v21.0/me/messages', 'v21.0', 'me', 'messages', ''],
    ['/me/messages', null, 'me', 'messages', ''],
    ['/v4.0/1000', 'v4.0', '1000', null, ''],
    ['/v21.0/me/messages/more/x', 'v21.0', 'me', 'messages', '/more/x'],
    ['/', null, '', null, ''],
  ])('%s is read with and without a version', (pathname, version, node, edge, rest) => {
    expect(readGraphPath(pathname)).toEqual({ version, node, edge, rest })
  })

  test('names the page of the token, by `me` or by its id, and no other [S0-17]', () => {
    const { call, write } = pretendWorld()
    write()
    const at = (node: string) => call(text, { path: readGraphPath(`/v21.0/${node}/messages`) })
    expect([at('me'), at(SHOP), at(OTHER), at('nobody')].map(codeOf)).toEqual([
      '200',
      '200',
      '100/33',
      '100/33',
    ])
  })

  test.each([
    ['/v21.0/me/tokens', 'POST', '2500'],
    ['/v21.0/me/one_time_notif_tokens', 'GET', '2500'],
    ['/v21.0/me/messages/more', 'POST', '2500'],
    ['/v21.0/me/messages', 'DELETE', '100/33'],
    ['/v21.0/me', 'POST', '100/33'],
  ])('%s knows no %s: no API lists tokens [S0-23]', (pathname, method, code) => {
    const { call } = pretendWorld()
    expect(codeOf(call({}, { path: readGraphPath(pathname), method }))).toBe(code)
  })
})

describe('a caller', () => {
  test('without a known access token is refused before anything else', () => {
    const { call } = pretendWorld()
    expect(codeOf(call(text, { accessToken: null }))).toBe('2500')
    const answer = call({}, { accessToken: 'stolen' })
    expect(codeOf(answer)).toBe('190')
    expect(answer.headers['www-authenticate']).toContain('"invalid_token"')
  })

  test('needs no proof by default, but a wrong one is refused', () => {
    const { call, write, turn } = pretendWorld()
    write()
    const prove = (proof: string) => call({ ...text, appsecret_proof: proof })
    expect([call(text), prove(`proof-${SHOP}`), prove(`proof-${OTHER}`)].map(codeOf)).toEqual([
      '200',
      '200',
      '100',
    ])
    turn({ appSecretProofRequired: true })
    expect([call(text), prove(`proof-${SHOP}`)].map(codeOf)).toEqual(['100', '200'])
  })

  test('learns who its page is', () => {
    const { call } = pretendWorld()
    const ask = (fields?: string) =>
      call(fields === undefined ? {} : { fields }, { method: 'GET', path: readGraphPath('/me') })
    expect(JSON.stringify(ask('id,name').body)).toBe('{"id":"1000","name":"Shop"}')
    expect(JSON.stringify(ask('name').body)).toBe('{"name":"Shop","id":"1000"}')
    expect(ask().body).toEqual({ id: SHOP, name: 'Shop' })
    expect(codeOf(ask('id,secrets'))).toBe('100')
  })
})

test('an error envelope has Meta’s members in Meta’s order', () => {
  const { call, turn } = pretendWorld()
  turn({ answers: { 'window-closed': { transient: false } } })
  expect(JSON.stringify(call(text).body)).toMatch(
    /^\{"error":\{"message":"[^"]+","type":"OAuthException","code":10,"error_subcode":2018278,"is_transient":false,"fbtrace_id":"trace\/1"\}\}$/,
  )
})
