import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { findApiKey, parseApiKeys } from './api-keys.ts'

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex')
const file = JSON.stringify([
  { id: 'reader', sha256: sha256('key-1'), scopes: ['tokens:read'] },
  { id: 'writer', sha256: sha256('key-2'), scopes: ['notifications:write'] },
])

describe('API keys', () => {
  test('a bearer is known by its digest alone', () => {
    const keys = parseApiKeys(file)
    expect(findApiKey(keys, 'Bearer key-2')?.id).toBe('writer')
    expect(JSON.stringify(keys)).not.toContain('key-2')
  })

  test.each([
    undefined,
    '',
    'key-1',
    'Basic key-1',
    'Bearer ',
    'Bearer key-3',
    'Bearer key-1 key-2',
  ])('the header %j opens nothing', (header) => {
    expect(findApiKey(parseApiKeys(file), header)).toBeNull()
  })

  test.each(['', '{}', '[{"id":"a"}]', file.replace('tokens:read', 'tokens:all')])(
    'a wrong file stops the start and says what is wrong: %#',
    (text) => {
      expect(() => parseApiKeys(text)).toThrow(/OTN_API_KEYS_FILE: wanted/)
    },
  )
})
