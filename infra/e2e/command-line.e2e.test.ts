/** What a newcomer types after `pnpm stack up`, in order, by the real command line. */
import { describe, expect, inject, test } from 'vitest'
import { otn as run } from './src/otn.ts'

const PSID = '2000123456789'
const { pages } = inject('stack')
const page = pages[0]?.pageId ?? ''

const otn = (...args: readonly string[]) => run(inject('stackHome'), args)

async function json(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { code, out, err } = await otn(...args, '--json')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

const person = ['--page', page, '--psid', PSID, '--topic', 'restock-1']
const notify = ['notify', ...person, '--text', 'PLANTED_TEXT']

describe('the command line on a running stack, without a single setting', () => {
  test('takes a person from consent to the message, and tells the story', async () => {
    const { tokenId } = await json('trigger', ...person)
    const id = String(tokenId)
    const found = () => otn('token', 'get', id).then(({ code }) => code)
    await expect.poll(found, { timeout: 30_000 }).toBe(0)
    expect(await json('token', 'get', id)).toMatchObject({ state: 'live', topic: 'restock-1' })
    const { items } = await json('token', 'list', ...person.slice(0, 4))
    expect(items).toMatchObject([{ tokenId: id }])
    expect(await json(...notify, '--dry-run')).toMatchObject({ decision: 'spend', tokenId: id })
    const sent = await json(...notify, '--command-id', 'cli-1', '--wait', '30000')
    expect(sent.outcome).toMatchObject({ state: 'sent' })
    const story = await otn('explain', 'cli-1', '--page', page)
    expect(story.out).toContain('✔ sent')
    expect(story.out).not.toMatch(new RegExp(`PLANTED_TEXT|${PSID}`))
    expect((await otn('explain', id)).out).toContain('the ledger says: redeemed')
  })

  test('has what an operator asks for', async () => {
    const before = await json('ledger', 'digest')
    expect(await json('ledger', 'rebuild', '--wait')).toMatchObject({ state: 'done' })
    expect((await json('ledger', 'digest')).digest).toBe(before.digest)
    expect((await json('dispatcher', 'digest')).digest).toMatch(/^[0-9a-f]{64}$/)
    expect((await otn('topics', 'plan')).out).toContain('as they should be')
    expect((await otn('schemas', 'check')).out).toContain('every schema is known')
  })

  test('refuses what the ingress refuses', async () => {
    const { code, out } = await otn('trigger', ...person, '--bad-signature')
    expect(out).toContain('✔ refused  401')
    expect(code).toBe(0)
  })

  test('ends with 3 for what there is not, and says what to look at', async () => {
    expect((await otn('token', 'get', 'f'.repeat(32))).code).toBe(3)
    const { code, err } = await otn('explain', 'nothing-of-this-name')
    expect(code).toBe(3)
    expect(err).toContain('next: pnpm otn tail all --since 1h')
  })
})
