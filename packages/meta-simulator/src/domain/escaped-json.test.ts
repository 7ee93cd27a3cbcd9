import { describe, expect, test } from 'vitest'

import { graphJson, webhookJson } from './escaped-json.ts'

describe('the spelling of a webhook body', () => {
  test('is ASCII with lower-case escapes, surrogate pairs apart, and five special characters', () => {
    expect(webhookJson({ t: 'äöå 😀 <@%/' })).toBe(
      '{"t":"\\u00e4\\u00f6\\u00e5 \\ud83d\\ude00 \\u003C\\u0040\\u0025\\/"}',
    )
  })

  test('reads back as what was written, whatever is in it', () => {
    const value = { 'k/é': ['"\\\n\u2028', '青い', { '<': null }], n: 1.5 }
    const text = webhookJson(value)
    expect(text).toMatch(/^[\u0020-\u007e]*$/)
    expect(JSON.parse(text)).toEqual(value)
  })
})

test('a Graph answer escapes slashes and non-ASCII, and nothing else', () => {
  expect(graphJson({ u: 'https://x/<@%>', n: 'é' })).toBe(
    '{"u":"https:\\/\\/x\\/<@%>","n":"\\u00e9"}',
  )
})
