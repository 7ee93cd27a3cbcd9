import { describe, expect, test } from 'vitest'
import { readRow } from './read-row.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const row = { pageId: '1000', psid: '2000', token: '44', payload: 'sale', grantedAt: '1760000000' }
const fieldsOf = (changed: object) => {
  const read = readRow({ ...row, ...changed }, NOW)
  return read.kind === 'unreadable' ? read.fields : read
}

describe('a line of a file of tokens', () => {
  test.each([
    ['1760000000', 1_760_000_000_000],
    [1_760_000_000_123, 1_760_000_000_123],
    ['2025-10-09T08:53:20Z', 1_760_000_000_000],
    ['2025-10-09T10:53:20.5+02:00', 1_760_000_000_500],
  ])('says when a token was granted: %s', (grantedAt, ms) => {
    expect(fieldsOf({ grantedAt })).toMatchObject({ kind: 'consent', grantedAt: ms })
  })

  test('keeps a payload as it came, an empty one too [S0-21]', () => {
    for (const payload of ['', ' a,"b"\n', 'otn1:sale:']) {
      expect(fieldsOf({ payload })).toMatchObject({ payload, token: '44' })
    }
  })

  test.each([
    ['psid', { psid: '20:00' }],
    ['token', { token: '' }],
    ['payload', { payload: null }],
    ['grantedAt', { grantedAt: '2025-10-09T08:53:20' }],
    ['grantedAt', { grantedAt: 'yesterday' }],
    ['grantedAt (not yet)', { grantedAt: NOW + 1 }],
    ['pageId', { pageId: '' }],
    ['token', { token: '4.40E+15' }],
    ['token', { token: ' 44' }],
    ['psid', { psid: '2.4E+15' }],
    ['grantedAt', { grantedAt: '2025' }],
    ['grantedAt', { grantedAt: '45950' }],
    ['grantedAt', { grantedAt: '2026-02-30T08:00:00Z' }],
  ])('that cannot be read names its field: %s', (field, changed) => {
    expect(fieldsOf(changed)).toEqual([field])
  })

  test('of another kind of opt-in is kept for people, not taken as a token', () => {
    for (const kind of ['other', 5, ['x']]) {
      const read = readRow({ ...row, kind }, NOW)
      expect(read).toMatchObject({ reason: 'optin-kind-unknown', page: '1000' })
    }
    expect(readRow({ ...row, kind: '' }, NOW)).toMatchObject({ kind: 'consent' })
  })
})
