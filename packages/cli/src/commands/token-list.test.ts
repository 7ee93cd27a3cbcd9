import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const expiresAt = Date.UTC(2027, 10, 20)
const token = {
  tokenId: '19342fe8002e6df3cf684809ae863aef',
  pageId: '1000',
  person: 'sStxGmklUR7y9IbqqR-AlG',
  topic: 'restock-1234',
  state: 'live',
  expiresAt,
}

function answering(body: object) {
  const urls: string[] = []
  const answer = (request: Request) => {
    urls.push(request.url)
    return Response.json(body)
  }
  return { urls, answer }
}

describe('otn token list', () => {
  test('shows a table for people, the count and the next command', async () => {
    const { answer } = answering({ items: [token], next: 'cursor' })
    const { code, out, err } = await run('token list --page 1000 --state live', { answer })
    expect(out.split('\n')[0]).toMatch(/^tokenId +topic +state +expiresAt +person$/)
    expect(out).toContain('restock-1234  live   2027-11-20 00:00:00.000Z  sStxGmklUR7y9IbqqR-AlG')
    expect(err).toBe(
      '1 token\nmore: --after cursor\nnext: pnpm otn explain 19342fe8002e6df3cf684809ae863aef\n',
    )
    expect(code).toBe(0)
  })

  test('gives programs the answer of the API as it is', async () => {
    const body = { items: [token], next: null }
    const { out } = await run('token list --page 1000 --json', answering(body))
    expect(JSON.parse(out)).toEqual(body)
  })

  test('asks for what the flags say, of the page or of one person', async () => {
    const { urls, answer } = answering({ items: [], next: null })
    const nowMs = Date.UTC(2026, 10, 22)
    await run('token list --page 1000 --topic a --expires-before 1d --limit 5', { answer, nowMs })
    await run('token list --page 1000 --psid 2000 --topic a', { answer })
    await run('token list --page 1000 --unmapped', { answer })
    await run('token list --page 1000 --person sStxGmklUR7y9IbqqR-AlG', { answer })
    expect(urls).toEqual([
      `http://ledger/v1/pages/1000/tokens?topic=a&expiresBefore=${nowMs + 86_400_000}&limit=5`,
      'http://ledger/v1/pages/1000/persons/2000/tokens?topic=a',
      'http://ledger/v1/pages/1000/tokens?unmapped=true',
      'http://ledger/v1/pages/1000/persons/sStxGmklUR7y9IbqqR-AlG/tokens',
    ])
  })
})

test('otn token list takes a topic or those without one', async () => {
  const { code, err } = await run('token list --page 1000 --unmapped --topic a')
  expect([code, err]).toEqual([2, '✖ --unmapped: got it and --topic, wanted one of them\n'])
})

describe('otn token get', () => {
  test('shows every field, instants readable', async () => {
    const { out, err } = await run(`token get ${token.tokenId}`, answering(token))
    expect(out).toContain('expiresAt  2027-11-20 00:00:00.000Z')
    expect(err).toBe(`next: pnpm otn explain ${token.tokenId}\n`)
  })
})
