import { describe, expect, test } from 'vitest'
import { mergeSchemaIds, parseSchemaIds } from './merge-schema-ids.ts'

const print = (digit: string) => digit.repeat(64)
const known = { [print('a')]: 1, [print('b')]: 2 }

describe('the file of schema ids', () => {
  test('is only ever added to', () => {
    const merged = mergeSchemaIds(known, { [print('b')]: 2, [print('c')]: 3 })
    expect(merged).toEqual({ all: { ...known, [print('c')]: 3 } })
  })

  test('of another registry is found out, before it is written', () => {
    expect(mergeSchemaIds(known, { [print('a')]: 9 })).toEqual({ contradicts: print('a') })
    expect(mergeSchemaIds(known, { [print('c')]: 2 })).toEqual({ contradicts: print('c') })
  })

  test.each(['', '[]', 'null', '{"x":1}', `{"${print('a')}":"1"}`])('%j is none', (text) => {
    expect(parseSchemaIds(text)).toBeNull()
  })
})
