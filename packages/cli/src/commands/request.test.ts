import { createFakeNotifier } from '@otn/client/testing'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const REQUEST = 'request --page 1000 --psid 2000 --topic restock-1234 --title "Tell you?"'

describe('otn request', () => {
  test('publishes the question and names the next one to type [S0-08]', async () => {
    const notifier = createFakeNotifier()
    const { code, out, err } = await run(`${REQUEST} --context shop-7 --command-id r`, { notifier })
    expect(notifier.requests).toMatchObject([
      {
        pageId: '1000',
        psid: '2000',
        topic: 'restock-1234',
        title: 'Tell you?',
        context: 'shop-7',
      },
    ])
    expect(notifier.commands).toEqual([])
    expect(out).toBe('✔ published  command r  fake/0@0\n')
    expect(err).toBe('next: pnpm otn explain r --page 1000\n')
    expect(code).toBe(0)
  })

  test('with --wait ends as the question did', async () => {
    const open = { reason: 'request-open', meaning: 'm', who: 'person', next: 'n' } as const
    const answerRequest = () => ({ state: 'failed', at: 1, tokenReleased: false, ...open }) as const
    const notifier = createFakeNotifier({ answerRequest })
    const { code, out } = await run(`${REQUEST} --wait 10 --json`, { notifier })
    expect(JSON.parse(out).outcome).toMatchObject({ state: 'failed', reason: 'request-open' })
    expect(code).toBe(5)
  })

  test('with --dry-run tells each rule that refuses or flags, and publishes nothing', async () => {
    const notifier = createFakeNotifier()
    const source = { id: 'S1-19', sentence: 'A question needs an open window' }
    const refusal = { kind: 'refuse', text: 'the window is closed', reason: 'window-closed' }
    const verdicts = [
      { rule: 'request-window-open', source, ...refusal },
      { rule: 'request-page-known', source, kind: 'pass', text: null },
    ]
    const told = { decision: 'refuse', reason: 'window-closed', tokenId: null, verdicts }
    const { code, out } = await run(`${REQUEST} --dry-run`, {
      notifier,
      answer: (request) => {
        expect(request.url).toBe('http://dispatcher/v1/opt-in-requests?dryRun=true')
        return Response.json(told)
      },
    })
    expect(out).toBe(
      '✖ would not go out  window-closed: The 24-hour window is closed. Use a token.\n' +
        '✖ request-window-open: the window is closed  [S1-19: A question needs an open window]\n',
    )
    expect([code, notifier.requests]).toEqual([5, []])
  })

  test('names every wrong field, and the length of a title that is too long [S0-12]', async () => {
    const title = 'a'.repeat(66)
    const line = `request --page 1000 --topic restock-1234 --context "a b" --title ${title}`
    const { code, err } = await run(line)
    expect(code).toBe(2)
    expect(err).toMatch(/to: got none[\s\S]*title: got a text of 66 characters[\s\S]*context: got/)
    expect(err).not.toContain(title)
  })
})
