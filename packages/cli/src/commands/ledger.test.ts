import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const running = { id: 'r', state: 'running', events: 10, eventsPerSecond: 5, comparison: null }
const side = { digest: 'd', collections: {} }
const done = {
  ...running,
  state: 'done',
  comparison: { equal: true, before: side, after: side, differences: 0, different: [] },
}

/** A ledger that needs two looks to finish. */
function ledger(ending: object) {
  const asked: string[] = []
  const answer = (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`)
    if (request.method === 'POST') return Response.json(running, { status: 202 })
    return Response.json({ rebuild: asked.length > 2 ? ending : running })
  }
  return { asked, answer }
}

describe('otn ledger rebuild', () => {
  test('starts one and says how to wait for it', async () => {
    const { asked, answer } = ledger(done)
    const { out, err, code } = await run('ledger rebuild', { answer })
    expect(asked).toEqual(['POST /v1/operations/rebuild'])
    expect(out).toBe('… running  10 events, 5 a second\n')
    expect(err).toBe('next: pnpm otn ledger rebuild --wait\n')
    expect(code).toBe(0)
  })

  test('with --wait ends with how the two versions compare', async () => {
    const { answer } = ledger(done)
    expect((await run('ledger rebuild --wait', { answer })).out).toBe(
      '✔ done  10 events, 5 a second  equal to what was served\n',
    )
    const comparison = { equal: false, differences: 2, different: ['tokens/a', 'tokens/b'] }
    const other = await run('ledger rebuild --wait', ledger({ ...done, comparison }))
    expect(other.out).toContain('2 documents differed\n  tokens/a\n  tokens/b\n')
  })

  test('with --wait ends with 1 when it failed', async () => {
    const ending = { ...running, state: 'failed', error: 'OTN_STORE_UNREACHABLE' }
    const { code, out } = await run('ledger rebuild --wait', ledger(ending))
    expect(code).toBe(1)
    expect(out).toBe('✖ failed  OTN_STORE_UNREACHABLE\n')
  })
})

describe('otn digest', () => {
  test.each(['ledger', 'dispatcher'])('of the %s is what the service computed', async (name) => {
    const answer = (request: Request) =>
      Response.json({ digest: 'ab', from: new URL(request.url).host })
    const { out } = await run(`${name} digest --json`, { answer })
    expect(JSON.parse(out)).toEqual({ digest: 'ab', from: name })
  })
})
