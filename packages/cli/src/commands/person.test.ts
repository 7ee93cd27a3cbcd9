import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const at = Date.UTC(2026, 10, 20)
const person = {
  pageId: '1000',
  person: 'sStxGmklUR7y9IbqqR-AlG',
  windowOpenUntil: at,
  threadOwner: null,
  attribution: 'SHORTLINK',
  entries: [{ kind: 'referral', source: 'SHORTLINK', at, ref: 'summer\u001b[2J', userRef: null }],
  account: { linkedAt: at, externalUserId: 'customer-7' },
}

describe('otn person show', () => {
  test('shows how somebody came and which account they linked [S1-10, S1-12]', async () => {
    const urls: string[] = []
    const answer = (request: Request) => {
      urls.push(request.url)
      return Response.json(person)
    }
    const { code, out, err } = await run('person show --page 1000 2000', { answer })
    expect(urls).toEqual(['http://ledger/v1/pages/1000/persons/2000'])
    expect(out).toMatch(/^attribution +SHORTLINK$/m)
    expect(out).toMatch(/^externalUserId +customer-7$/m)
    expect(out).toMatch(/^2026-11-20 00:00:00.000Z +referral +SHORTLINK +summer\\u\{1b\}\[2J +-$/m)
    expect(err).toBe('next: pnpm otn token list --page 1000 --person sStxGmklUR7y9IbqqR-AlG\n')
    expect(code).toBe(0)
  })

  test('gives programs the answer of the API as it is', async () => {
    const answer = () => Response.json(person)
    const { out } = await run('person show --page 1000 2000 --json', { answer })
    expect(JSON.parse(out)).toEqual(person)
  })

  test('takes a PSID or a pseudonym, and repeats nothing else', async () => {
    const { code, err } = await run('person show --page 1000 customer-7')
    expect([code, err]).toEqual([
      2,
      '✖ <person>: got a text of 10 characters, wanted a PSID (digits) or a pseudonym ' +
        '(22 characters)\n',
    ])
  })
})
