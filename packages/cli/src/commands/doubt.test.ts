import { describe, expect, test } from 'vitest'
import { answering, FAKE_ENV, run } from '../fake-shell.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const doubt = {
  ...{ pageId: '1000', commandId: 'restock:2000', attempt: 2, since: NOW - 7_200_000 },
  ...{ tokenId: '19342fe8002e6df3cf684809ae863aef', topic: 'restock-1234' },
  ...{ reason: 'graph-unlisted', graphCode: 987_654, graphSubcode: 6, fbtraceId: 'A1x' },
  ...{ detail: 'HTTP 400: new', settles: ['echo', 'person'], probeAt: null },
}
const env = { ...FAKE_ENV, USER: 'ada' }

const asAda = (body: object, status?: number) => ({
  ...answering(body, status),
  ...{ nowMs: NOW, env },
})

describe('otn doubt list', () => {
  test('shows a table for people, and what to look at next', async () => {
    const probing = { ...doubt, graphSubcode: null, settles: ['echo', 'probe', 'person'] }
    const items = [doubt, { ...probing, probeAt: NOW + 1_000, topic: null }]
    const { out, err, code } = await run('doubt list', asAda({ items, next: 'cursor' }))
    const [head, first, second] = out.split('\n')
    expect(head).toMatch(/^age +page +command +attempt +topic +token +why +code +settles$/)
    expect(first).toBe(
      '2h   1000  restock:2000  2        restock-1234  19342fe8002e6df3cf684809ae863aef  ' +
        'graph-unlisted  987654/6  echo, person',
    )
    expect(second).toContain('987654    echo, probe from 2026-11-22 08:00:01.000Z, person')
    expect(err).toBe(
      '2 doubts\nmore: --after cursor\nnext: pnpm otn explain restock:2000 --page 1000\n',
    )
    expect(code).toBe(0)
  })

  test('asks for what the flags say, and gives programs the answer as it is', async () => {
    const body = { items: [doubt], next: null }
    const { asked, ...surroundings } = asAda(body)
    const { out } = await run('doubt list --page 1000 --limit 5 --after c --json', surroundings)
    expect(JSON.parse(out)).toEqual(body)
    expect(asked.map(({ call }) => call)).toEqual(['GET /v1/doubts?page=1000&after=c&limit=5'])
    expect((await run('doubt list --limit 501', surroundings)).code).toBe(2)
  })
})

describe('otn doubt settle', () => {
  const sent = { state: 'sent', settledBy: 'ada' }

  test('says what follows, asks, and settles on a yes', async () => {
    const { asked, ...surroundings } = asAda({ state: 'failed', settledBy: 'ada' })
    const line = 'doubt settle 1000 restock:2000 --not-sent --reason "not in the inbox"'
    const { out, err, code } = await run(line, { ...surroundings, typed: 'Yes ' })
    expect(err).toContain('if its message did go out, the person may get a second one.')
    expect(asked).toEqual([
      {
        call: 'POST /v1/pages/1000/notifications/restock%3A2000/settlement',
        body: { outcome: 'not-sent', reason: 'not in the inbox', settledBy: 'ada' },
      },
    ])
    expect(out).toBe('✔ 1000:restock:2000 is failed, settled by ada\n')
    expect(code).toBe(0)
  })

  test.each(['', 'y', 'no', 'yes please'])('changes nothing on %j', async (typed) => {
    const { asked, ...surroundings } = asAda(sent)
    const { code, err } = await run('doubt settle 1000 c --sent', { ...surroundings, typed })
    expect([code, asked]).toEqual([5, []])
    expect(err).toContain('left as it is')
  })

  test('without a terminal goes on with --yes alone', async () => {
    const { asked, ...surroundings } = asAda(sent)
    const line = 'doubt settle 1000 c --sent --message-id m_1 --by bob'
    const { code, err } = await run(line, surroundings)
    expect([code, asked]).toEqual([2, []])
    expect(err).toContain('no terminal to ask at')
    const { out } = await run(`${line} --yes --json`, surroundings)
    expect(asked[0]?.body).toEqual({ outcome: 'sent', messageId: 'm_1', settledBy: 'bob' })
    expect(JSON.parse(out)).toEqual(sent)
  })

  test('ends with 5 and the state where it is not in doubt', async () => {
    const detail = 'the command is sent (ECHOED): only a verdict in doubt can be settled'
    const { code, err } = await run('doubt settle 1000 c --sent --yes', asAda({ detail }, 409))
    expect(code).toBe(5)
    expect(err).toContain('the command is sent (ECHOED)')
  })

  test.each([
    ['doubt settle 1000 c', 'got neither'],
    ['doubt settle 1000 c --sent --not-sent', 'got both'],
    ['doubt settle 1000 c --not-sent --message-id m', '--message-id'],
    ['doubt settle 1000', "missing required argument 'command'"],
  ])('%s ends with 2 and says what was meant', async (line, said) => {
    const { asked, ...surroundings } = asAda(sent)
    const { code, err } = await run(`${line} --yes`, surroundings)
    expect([code, asked]).toEqual([2, []])
    expect(err).toContain(said)
  })

  test('asks who says so where the machine does not know', async () => {
    const { asked, ...surroundings } = asAda(sent)
    const line = 'doubt settle 1000 c --sent --yes'
    const { code, err } = await run(line, { ...surroundings, env: FAKE_ENV })
    expect([code, asked]).toEqual([2, []])
    expect(err).toContain('--by')
  })
})
