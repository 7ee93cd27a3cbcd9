import { describe, expect, test } from 'vitest'

import { type RawCall, readGraphRequest } from './read-graph-request.ts'

const JSON_TYPE = 'application/json'

function read(call: Partial<Omit<RawCall, 'body'>> & { readonly body?: string }) {
  const { body = '', ...rest } = call
  return readGraphRequest({
    method: 'POST',
    url: '/v21.0/me/messages',
    contentType: JSON_TYPE,
    authorization: undefined,
    ...rest,
    body: Buffer.from(body),
  })
}

describe('an access token', () => {
  test.each([
    ['the query', { url: '/v21.0/me/messages?access_token=EAA%2B1' }],
    ['a JSON body', { body: '{"access_token":"EAA+1"}' }],
    ['a form', { contentType: 'application/x-www-form-urlencoded', body: 'access_token=EAA%2B1' }],
    [
      'a form whose type is written large',
      { contentType: 'Application/X-WWW-Form-Urlencoded', body: 'access_token=EAA%2B1' },
    ],
    ['a query with a second question mark', { url: '/me/messages?text=you?&access_token=EAA%2B1' }],
    ['a bearer header', { authorization: 'Bearer EAA+1' }],
    ['an OAuth header', { authorization: 'OAuth EAA+1' }],
  ])('is found in %s', (_where, call) => {
    expect(read(call).accessToken).toBe('EAA+1')
  })

  test('is null where there is none', () => {
    expect(read({}).accessToken).toBeNull()
    expect(read({ authorization: 'Basic eA==' }).accessToken).toBeNull()
  })
})

describe('a body', () => {
  const recipient = { id: '2000' }

  test('may be a form whose members are JSON, even in single quotes', () => {
    const form = new URLSearchParams({ recipient: "{'id':'2000'}", message: '{"text":"it\'s"}' })
    const contentType = 'application/x-www-form-urlencoded'
    const { parameters } = read({ contentType, body: form.toString() })
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
