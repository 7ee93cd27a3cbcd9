import { describe, expect, test } from 'vitest'
import { newCommandId } from './command-id.ts'

describe('a command id made by the client', () => {
  test('is a UUID of version 7 that carries its instant', () => {
    const id = newCommandId(0x018c_0dec_1234)
    expect(id).toMatch(/^018c0dec-1234-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('differs from every other of the same instant', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => newCommandId(1)))
    expect(ids.size).toBe(1000)
  })
})
