import { describe, expect, test } from 'vitest'

import { type RawCall, readGraphRequest } from './read-graph-request.ts'

const JSON_TYPE = 'application/json'

function read({ headers, ...call }: Partial<RawCall>) {
  return readGraphRequest({
    method: 'POST',
    url: '/v21.0/me/messages',
    headers: { 'content-type': JSON_TYPE, ...headers },
    body: '',
    ...call,
  })
}

describe('an access token', () => {
  test.each([
    ['the query', { url: '/v21.0/me/messages?access_token=EAA%2B1' }],
    ['a JSON body', { body: '{"access_token":"EAA+1"}' }],
    [
      'a form',
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'access_token=EAA%2B1',
      },
    ],
    [
      'a form whose type is written large',
      {
        headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded' },
        body: 'access_token=EAA%2B1',
      },
    ],
    ['a query with a second question mark', { url: '/me/messages?text=you?&access_token=EAA%2B1' }],
    ['a bearer header', { headers: { authorization: 'Bearer EAA+1' } }],
    ['an OAuth header', { headers: { authorization: 'OAuth EAA+1' } }],
  ])('is found in %s', (_where, call) => {
    expect(read(call).accessToken).toBe('EAA+1')
  })

  test('is null where there is none', () => {
    expect(read({}).accessToken).toBeNull()
    expect(read({ headers: { authorization: 'Basic eA==' } }).accessToken).toBeNull()
  })
})

describe('a body', () => {
  const recipient = { id: '2000' }

  test('may be a form whose members are JSON, even in single quotes', () => {
    const form = new URLSearchParams({ recipient: "{'id':'2000'}", message: '{"text":"it\'s"}' })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { parameters } = read({ headers, body: form.toString() })
    expect(parameters).toEqual({ recipient, message: { text: "it's" } })
  })

  test('may stand in the query', () => {
    const query = new URLSearchParams({ recipient: '{"id":"2000"}' })
    expect(read({ url: `/me/messages?${query}` }).parameters).toEqual({ recipient })
  })

  test('keeps every digit of ids that were written as numbers', () => {
    const body = '{"recipient":{"id":24683216437964837},"message":{"text":"1","n":5}}'
    expect(read({ body }).parameters).toEqual({
      recipient: { id: '24683216437964837' },
      message: { text: '1', n: 5 },
    })
  })

  test.each(['', '{', '[1]', 'null', '"x"', '\u0000'])('of %j holds no members', (body) => {
    expect(read({ body }).parameters).toEqual({})
  })
})

test('calls of different paths in turn are each read by their own', () => {
  const edges = ['/me/messages', '/me/accounts', '/me/messages'].map(
    (url) => read({ url }).path.edge,
  )
  expect(edges).toEqual(['messages', 'accounts', 'messages'])
})
