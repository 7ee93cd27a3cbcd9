import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type MasterKeys, parseMasterKeys } from './master-keys.ts'
import { createVault } from './vault.ts'

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const context = { record: 'OptInReceived', eventId: 'e1', owner: 'person-1' }
const content = { psid: '2000', token: '44', payload: '在庫 😀' }

function keysOf(text: string): MasterKeys {
  const parsed = parseMasterKeys(text)
  if ('fault' in parsed) throw new Error(parsed.fault)
  return parsed.keys
}

describe('vault', () => {
  test('what was sealed opens again, byte for byte', () => {
    const vault = createVault(keysOf(key('k1')))
    expect(vault.open(vault.seal(content, context), context)).toEqual(content)
  })

  test.each([
    ['another record', { ...context, record: 'PageEvent' }],
    ['another event', { ...context, eventId: 'e2' }],
    ['another person', { ...context, owner: 'person-2' }],
  ])('a sealed value moved to %s does not open', (_, elsewhere) => {
    const vault = createVault(keysOf(key('k1')))
    const sealed = vault.seal(content, context)
    expect(() => vault.open(sealed, elsewhere)).toThrow(/does not open/)
  })

  test('a changed byte anywhere keeps it shut', () => {
    const vault = createVault(keysOf(key('k1')))
    const { keyId, sealed } = vault.seal(content, context)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => vault.open({ keyId, sealed: changed }, context)).toThrow(/does not open/)
    }
  })

  test('after a rotation the newest key seals and the older ones still open', () => {
    const [older, newer] = [key('k1'), key('k2')]
    const before = createVault(keysOf(older)).seal(content, context)
    const rotated = createVault(keysOf(`${newer},${older}`))
    expect(rotated.open(before, context)).toEqual(content)
    expect(rotated.seal(content, context).keyId).toBe('k2')
    expect(() => createVault(keysOf(newer)).open(before, context)).toThrow(/no master key/)
  })

  test('two sealings of one value share no bytes to compare', () => {
    const vault = createVault(keysOf(key('k1')))
    const [a, b] = [vault.seal(content, context).sealed, vault.seal(content, context).sealed]
    expect(a.equals(b)).toBe(false)
  })
})

describe('master keys', () => {
  test.each([
    ['', 'key 1 has no id'],
    ['k1', '0 bytes'],
    ['k1:AAAA', '3 bytes'],
    [`${key('k1')},${key('k1')}`, 'repeats'],
  ])('a wrong setting is named without showing it', (text, fault) => {
    const parsed = parseMasterKeys(text)
    expect('fault' in parsed && parsed.fault).toContain(fault)
    expect(JSON.stringify(parsed)).not.toContain('AAAA')
  })
})
