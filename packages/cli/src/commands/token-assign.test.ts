import { codecInMemory, type PageEvent, type TokenEvent } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { beforeEach, describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'
import { createFakeLog, type FakeLog } from '../log/fake-log.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const person = 'sStxGmklUR7y9IbqqR-AlG'
const idOf = (digit: string) => digit.repeat(32)
const token = (digit: string, topic: string | null, state = 'live', page = '1000') => ({
  ...{ tokenId: idOf(digit), pageId: page, person, topic, state },
})
const ASSIGN = 'token assign --page 1000 --topic sale'

let log: FakeLog

beforeEach(async () => {
  log = createFakeLog(await codecInMemory())
  const about = { pageId: pageId('1000'), at: 1, keyId: 'k1', sealed: Buffer.from('s') }
  const facts: readonly PageEvent[] = [
    { ...about, type: 'PageConnected', eventId: eventId('c'), name: 'A', appId: '7' },
    { ...about, type: 'TopicDeclared', eventId: eventId('t'), topic: 'sale' },
  ]
  for (const value of facts) log.append('page', { name: 'PageEvent', value, timestampMs: 1 })
})

const told = () => log.values('token') as readonly TokenEvent[]

/** A token-ledger that knows these tokens, and the facts that assigned them before. */
function ledger(
  tokens: readonly ReturnType<typeof token>[],
  history: readonly object[] = [],
): (request: Request) => Response {
  return ({ url }) => {
    const { pathname, searchParams } = new URL(url)
    if (pathname.endsWith('/history')) return Response.json({ items: history })
    const one = tokens.find(({ tokenId }) => pathname === `/v1/tokens/${tokenId}`)
    if (one) return Response.json(one)
    if (!pathname.endsWith('/1000/tokens')) return new Response('{}', { status: 404 })
    // Two pages, so that the second is asked for.
    const wanted = tokens.filter(({ topic, state }) => topic === null && state === 'live')
    const isAsked = searchParams.get('unmapped') === 'true' && searchParams.get('state') === 'live'
    const [first, ...others] = isAsked ? wanted : tokens
    const isFirst = searchParams.get('after') === null
    return Response.json(isFirst ? { items: first && [first], next: 'x' } : { items: others })
  }
}
const otn = (line: string, answer: (request: Request) => Response, typed?: string) =>
  run(line, { log: log.opened, answer, nowMs: NOW, ...(typed === undefined ? {} : { typed }) })

describe('otn token assign', () => {
  test('writes one fact for each live token that has another topic, or none', async () => {
    const held = [token('a', null), token('b', 'outlet'), token('c', 'sale')]
    const line = `${ASSIGN} ${held.map(({ tokenId }) => tokenId).join(' ')} --yes`
    const { code, out, err } = await otn(line, ledger([...held]))
    expect(code).toBe(0)
    expect(told()).toMatchObject([
      { type: 'TokenTopicAssigned', tokenId: idOf('a'), person, topic: 'sale', at: NOW },
      { type: 'TokenTopicAssigned', tokenId: idOf('b'), person, topic: 'sale', at: NOW },
    ])
    expect(out).toContain(`left: has this topic  ${idOf('c')}  sale`)
    expect(err).toContain('2 assigned, 1 left\nnext: pnpm otn token list --page 1000 --topic sale')
  })

  test('leaves alone what can be spent no more', async () => {
    const held = [token('a', null, 'redeemed'), token('b', null, 'withdrawn')]
    const { out } = await otn(`${ASSIGN} ${idOf('a')} ${idOf('b')}`, ledger(held))
    expect(out).toMatch(/left: redeemed +a+ +-\nleft: withdrawn +b+/)
    expect(told()).toEqual([])
  })

  test('finds the live tokens of a page that no rule named, on every page of the list', async () => {
    const held = [token('a', null), token('b', 'outlet'), token('c', null)]
    const preview = await otn(`${ASSIGN} --unmapped --dry-run --json`, ledger(held))
    expect(JSON.parse(preview.out)).toMatchObject({
      published: false,
      assigned: [{ tokenId: idOf('a') }, { tokenId: idOf('c') }],
    })
    expect(told()).toEqual([])
    await otn(`${ASSIGN} --unmapped --yes`, ledger(held))
    expect(told().map(({ tokenId }) => tokenId)).toEqual([idOf('a'), idOf('c')])
  })

  test('is the same fact again after a cut, and a younger, new one after a change back', async () => {
    const line = `${ASSIGN} ${idOf('a')} --yes`
    const before = { type: 'TokenTopicAssigned', eventId: 'earlier', at: NOW + 5_000 }
    await otn(line, ledger([token('a', 'outlet')]))
    await otn(line, ledger([token('a', 'outlet')]))
    await otn(line, ledger([token('a', 'outlet')], [before, { type: 'TokenExpiring', at: 1 }]))
    const [first, again, later] = told()
    expect(again?.eventId).toBe(first?.eventId)
    expect(later?.eventId).not.toBe(first?.eventId)
    expect(later?.at).toBe(NOW + 5_001)
  })

  test('asks first, and writes nothing without a yes', async () => {
    const answer = ledger([token('a', null)])
    const { code, err } = await otn(`${ASSIGN} ${idOf('a')}`, answer, 'no')
    expect(err).toContain('1 token of page 1000 will count as consent to sale.')
    expect([code, told()]).toEqual([5, []])
    await otn(`${ASSIGN} ${idOf('a')}`, answer, 'yes')
    expect(told()).toHaveLength(1)
  })

  test.each([
    ['token assign --page 1000 --topic No --unmapped', 2, '--topic: got "No", wanted a topic'],
    [
      'token assign --page 1000 --topic other --unmapped',
      2,
      '--topic: got "other", wanted a topic that page 1000 declared',
    ],
    [ASSIGN, 2, '<ids>: got neither ids nor --unmapped, wanted one of them'],
    [`${ASSIGN} --unmapped ${idOf('a')}`, 2, '<ids>: got ids and --unmapped, wanted one of them'],
    [`${ASSIGN} 4400000000000001`, 2, '<ids>: got a text of 16 characters, wanted token ids'],
    [`${ASSIGN} ${idOf('f')}`, 3, 'the token-ledger answers 404'],
    [`${ASSIGN} ${idOf('b')}`, 3, `<ids>: got ${idOf('b')}, wanted a token of page 1000`],
  ])('%s ends with %i and says what was wanted', async (line, ended, said) => {
    const { code, err } = await otn(line, ledger([token('b', null, 'live', '1001')]))
    expect([code, err.includes(said) ? said : err]).toEqual([ended, said])
    expect(told()).toEqual([])
  })
})
