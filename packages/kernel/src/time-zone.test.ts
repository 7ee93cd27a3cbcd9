import { expect, test } from 'vitest'
import { isTimeZone } from './time-zone.ts'

test('time zones are those of the IANA database and no others', () => {
  const names = ['Asia/Tokyo', 'America/Argentina/Ushuaia', 'UTC', 'Asia/Atlantis', '', '9']
  expect(names.map(isTimeZone)).toEqual([true, true, true, false, false, false])
  expect(isTimeZone('A'.repeat(1_000_000))).toBe(false)
})
