import { describe, expect, test } from 'vitest'
import { run } from './fake-shell.ts'

describe('the command line', () => {
  test.each([
    ['tokn', 'Did you mean token?'],
    ['notify --page 1 --topic t --txt x', 'Did you mean --text?'],
    ['notify', "required option '--page <id>'"],
    ['token get', "missing required argument 'id'"],
    ['token get x', '<id>: got a text of 1 characters, wanted a token id: 32 hex digits'],
    ['token list --page 1 --state lve', '--state: got "lve", wanted one of live'],
    ['tail --since soon', '--since: got "soon", wanted a length such as 2h'],
    [
      'why tokn-rejected',
      'wanted a Graph code (100, 10/2018278) or a reason code; near it: token-r',
    ],
    [
      'seeds S0-4',
      '<ids>: got "S0-4", wanted an id such as S0-24, S1-46, D-03, U18; near it: S0-04',
    ],
    ['trigger --page 1', '--topic: got neither, wanted exactly one of --topic, --payload'],
  ])('%s ends with 2 and says what was meant', async (line, said) => {
    const { code, out, err } = await run(line)
    expect(err).toContain(said)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  test('ends with 78 and every missing setting where nothing is configured', async () => {
    const { code, err } = await run(`token get ${'a'.repeat(32)}`, { env: {} })
    expect(code).toBe(78)
    expect(err).toMatch(/OTN_LEDGER_URL[\s\S]*OTN_API_KEY[\s\S]*next: pnpm stack up/)
  })

  test('ends with 4 where nobody answers', async () => {
    const { code, err } = await run(`token get ${'a'.repeat(32)}`)
    expect(err).toContain('the token-ledger at ledger does not answer')
    expect(code).toBe(4)
  })

  test('says errors as JSON to programs, on stderr', async () => {
    const { out, err } = await run(`token get ${'a'.repeat(32)} --json`)
    expect(out).toBe('')
    expect(JSON.parse(err)).toMatchObject({ error: { exitCode: 4 } })
  })

  test.each([
    [401, 78],
    [404, 3],
    [409, 5],
    [503, 69],
    [500, 1],
  ])('ends an answer %i with exit code %i and its detail', async (status, code) => {
    const problem = { title: 'No', detail: 'why it is so' }
    const ran = await run(`token get ${'a'.repeat(32)}`, {
      answer: () => Response.json(problem, { status }),
    })
    expect(ran.code).toBe(code)
    expect(ran.err).toContain(`the token-ledger answers ${status}: why it is so`)
    expect(ran.err).not.toContain('planted-api-key')
  })

  test('says a fault of its own without quoting what it was working with', async () => {
    const { code, err } = await run('tail --page 1000')
    expect(code).toBe(1)
    expect(err).toContain('a fault of the command line itself')
    expect(err).not.toContain('no log was given')
  })

  test.each(['--help', 'notify --help', 'token --help'])('%s ends with 0', async (line) => {
    const { code, out } = await run(line)
    expect(code).toBe(0)
    expect(out.length).toBeGreaterThan(100)
  })
})
