import { createHmac } from 'node:crypto'
import { commandId, pageId, personId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOurMetadata, readMetadata, writeMetadata } from './metadata.ts'

const macUnder = (key: string) => (text: string) =>
  createHmac('sha256', key).update(text).digest('base64url')
const mac = macUnder('test-key')
const person = personId('sStxGmklUR7y9IbqqR-AlG')
const input = { pageId: pageId('1000'), commandId: commandId('order-7'), attempt: 2, person }

const anyInput = fc.record({
  pageId: fc.integer({ min: 0, max: 10 ** 15 }).map((id) => pageId(String(id))),
  commandId: fc
    .string({ unit: 'binary', minLength: 1, maxLength: 128 })
    .map((text) => commandId(text)),
  attempt: fc.integer({ min: 1, max: 1_000_000 }),
  person: fc.string({ minLength: 22, maxLength: 22 }).map((text) => personId(text)),
})

function written(fields: typeof input): string {
  const text = writeMetadata(fields, mac)
  if (text === null) throw new Error('not written')
  return text
}

describe('metadata', () => {
  test('names page, command and attempt, and ends in 11 characters of the MAC', () => {
    expect(written(input)).toMatch(/^otn1\.1000\.order-7\.2\.[A-Za-z0-9_-]{11}$/)
  })

  test('is read back as written for any command id, dots and line breaks included', () => {
    const dotted = { ...input, commandId: commandId('spring.sale.3.AAAAAAAAAAA\n.x') }
    expect(readMetadata(written(dotted))).toMatchObject({ commandId: dotted.commandId, attempt: 2 })
    fc.assert(
      fc.property(anyInput, (fields) => {
        const text = written(fields)
        expect(text.length).toBeLessThan(1000)
        const { person: to, ...expected } = fields
        const metadata = readMetadata(text)
        expect(metadata).toMatchObject(expected)
        expect(metadata && isOurMetadata(metadata, to, mac)).toBe(true)
      }),
    )
  })

  test('is ours only for the person, page, command and attempt it was written for', () => {
    const metadata = readMetadata(written(input))
    if (!metadata) throw new Error('not read')
    expect(isOurMetadata(metadata, person, mac)).toBe(true)
    expect(isOurMetadata(metadata, personId('another-person'), mac)).toBe(false)
    expect(isOurMetadata(metadata, person, macUnder('another-key'))).toBe(false)
    for (const other of [
      { pageId: pageId('1001') },
      { commandId: commandId('order-8') },
      { attempt: 3 },
      { mac: `${metadata.mac.slice(1)}A` },
      { mac: '' },
    ]) {
      expect(isOurMetadata({ ...metadata, ...other }, person, mac)).toBe(false)
    }
  })

  test('of others is not ours, and never throws', () => {
    const foreign = [
      '',
      'otn1',
      'otn1.1000.a.1',
      'otn1.x.a.1.AAAAAAAAAAA',
      'otn1.1.a.0.AAAAAAAAAAA',
      'otn1.1.a.1.AAAAAAAAAAAA',
      ' otn1.1.a.1.AAAAAAAAAAA',
    ]
    for (const text of [...foreign, `otn1.1.${'a'.repeat(1000)}.1.AAAAAAAAAAA`]) {
      expect(readMetadata(text)).toBeNull()
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readMetadata(text)).toBeNull()
      }),
    )
  })

  test('that would not be read back, or be too long, is not written', () => {
    const unwritable = [
      { ...input, attempt: 0 },
      { ...input, attempt: 1.5 },
      { ...input, pageId: pageId('10.00') },
      { ...input, commandId: commandId('') },
      { ...input, commandId: commandId('x'.repeat(1000)) },
    ]
    const spare = 999 - written({ ...input, commandId: commandId('x') }).length
    const longest = { ...input, commandId: commandId(`x${'x'.repeat(spare)}`) }
    expect(written(longest)).toHaveLength(999)
    unwritable.push({ ...longest, commandId: commandId(`${longest.commandId}x`) })
    for (const fields of unwritable) expect(writeMetadata(fields, mac)).toBeNull()
    expect(writeMetadata(input, () => 'short')).toBeNull()
  })
})
