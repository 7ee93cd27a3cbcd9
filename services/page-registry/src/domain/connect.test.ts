import { type Latest, pageId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { identity } from '../../test/identity.ts'
import {
  type ConnectionWish,
  decideConnection,
  decideDisconnection,
  unreviewedBeside,
} from './connect.ts'
import { type Connection, foldPageEvent, type PageDocument, unknownPage } from './page.ts'

const NOW = 1_800_000_000_000

const wish = (more: Partial<ConnectionWish> = {}): ConnectionWish => ({
  ...{ pageId: pageId('1000'), name: 'Shop', appId: '77', graphVersion: null },
  ...{ tokenKind: 'page', tokenExpiresAt: null, permissions: ['pages_messaging'] },
  ...{ token: tokenId('t1'), requestedBy: 'test' },
  ...more,
})

function connect(
  page: PageDocument,
  one: ConnectionWish,
  {
    token = null,
    nowMs = NOW,
    sealingKeyId = 'k',
  }: { token?: ConnectionWish['token'] | null; nowMs?: number; sealingKeyId?: string } = {},
) {
  const around = { known: page.connection, identity, nowMs, token, sealingKeyId }
  const fact = decideConnection(one, around)
  if (fact === null) return { fact, page }
  const event = { ...fact, keyId: sealingKeyId, sealed: Buffer.from('sealed') }
  return { fact, page: foldPageEvent(page, event) }
}

describe('a connection', () => {
  test('is said once, however often the same is wished', () => {
    const { page } = connect(unknownPage, wish())
    expect(connect(page, wish(), { token: tokenId('t1') }).fact).toBeNull()
    const two = [connect(unknownPage, wish()), connect(unknownPage, wish(), { nowMs: NOW + 5 })]
    expect(new Set(two.map(({ fact }) => fact?.eventId)).size).toBe(1)
  })

  test('is a new fact for another token, and for an old one that is put back', () => {
    const first = connect(unknownPage, wish())
    const other = wish({ token: tokenId('t2') })
    const second = connect(first.page, other, { token: tokenId('t1') })
    const third = connect(second.page, wish(), { token: tokenId('t2') })
    const ids = [first, second, third].map(({ fact }) => fact?.eventId)
    expect(new Set(ids).size).toBe(3)
  })

  test('is a new fact once for the same token where another master key seals now', () => {
    const { page } = connect(unknownPage, wish())
    const given = { token: tokenId('t1'), sealingKeyId: 'k2' }
    const again = connect(page, wish(), given)
    expect(again.page.connection?.value.sealed?.keyId).toBe('k2')
    expect(connect(again.page, wish(), given).fact).toBeNull()
  })

  test('is younger than what it replaces, whatever the clock', () => {
    const { page } = connect(unknownPage, wish())
    const again = connect(page, wish({ name: 'New' }), { token: tokenId('t1'), nowMs: NOW - 9 })
    expect(again.page.connection?.value.name).toBe('New')
  })

  test('ends once, keeps no token, and can begin again', () => {
    const { page } = connect(unknownPage, wish())
    const around = (known: Latest<Connection> | null) => ({ known, identity, nowMs: NOW })
    const ended = decideDisconnection(wish(), around(page.connection))
    if (ended === null) throw new Error('it was connected')
    const left = foldPageEvent(page, ended)
    expect(left.connection?.value).toMatchObject({ isConnected: false, sealed: null })
    expect(decideDisconnection(wish(), around(left.connection))).toBeNull()
    expect(connect(left, wish()).fact).not.toBeNull()
  })
})

describe('a further page of an app', () => {
  const first = { pageId: pageId('1000'), page: connect(unknownPage, wish()).page }
  const second = wish({ pageId: pageId('2000') })
  const granted = foldPageEvent(first.page, {
    ...{ type: 'PageCapabilityChanged', eventId: identity.event('x', second.pageId, []) },
    ...{ pageId: first.pageId, at: NOW, capability: 'pages_messaging', state: 'granted' },
  })

  test('[S1-05] waits for the review, and is free after it', () => {
    expect(unreviewedBeside([first], second)).toBe(first.pageId)
    expect(unreviewedBeside([{ ...first, page: granted }], second)).toBeNull()
  })

  test('[S1-05] is the first one where it stands alone, or beside another app', () => {
    expect(unreviewedBeside([], second)).toBeNull()
    expect(unreviewedBeside([first], wish())).toBeNull()
    expect(unreviewedBeside([first], { ...second, appId: '88' })).toBeNull()
  })
})
