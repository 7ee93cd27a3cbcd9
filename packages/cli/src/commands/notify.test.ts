import type { Outcome } from '@otn/client'
import { createFakeNotifier } from '@otn/client/testing'
import { describe, expect, test } from 'vitest'
import { FAKE_ENV, run } from '../fake-shell.ts'

const NOTIFY = 'notify --page 1000 --psid 2000 --topic restock-1234 --text "It is back."'
const explained = { reason: 'token-spent', meaning: 'The token was spent' } as const
const advice = { who: 'person', next: 'Ask for consent again.' } as const

const outcomes: readonly (readonly [Outcome, number, string])[] = [
  [{ state: 'sent', at: 1, messageId: 'm_1', certainty: 'CONFIRMED' }, 0, '✔ sent  CONFIRMED  m_1'],
  [
    { state: 'failed', at: 1, tokenReleased: false, ...explained, ...advice },
    5,
    '✖ failed  token-spent: The token was spent. Ask for consent again.',
  ],
  [{ state: 'cancelled', at: 1 }, 5, '✖ cancelled'],
  [{ state: 'in-doubt', at: 1, ...explained, ...advice }, 1, '… in doubt'],
  [{ state: 'pending' }, 1, '… pending'],
]

describe('otn notify', () => {
  test('publishes the command and names the next one to type', async () => {
    const notifier = createFakeNotifier()
    const { code, out, err } = await run(`${NOTIFY} --command-id k`, { notifier })
    expect(notifier.commands).toMatchObject([
      { pageId: '1000', psid: '2000', topic: 'restock-1234', text: 'It is back.', commandId: 'k' },
    ])
    expect(out).toBe('✔ published  command k  fake/0@0\n')
    expect(err).toBe('next: pnpm otn explain k --page 1000\n')
    expect(code).toBe(0)
  })

  test.each(outcomes)('with --wait tells %j', async (outcome, code, said) => {
    const notifier = createFakeNotifier({ answer: () => outcome })
    const ran = await run(`${NOTIFY} --wait 10`, { notifier })
    expect(ran.out).toContain(said)
    expect(ran.code).toBe(code)
  })

  test('gives programs a stable shape', async () => {
    const { out } = await run(`${NOTIFY} --command-id k --wait 10 --json`)
    const { outcome, ...rest } = JSON.parse(out)
    expect(rest).toEqual({
      pageId: '1000',
      commandId: 'k',
      position: { kafkaTopic: 'fake', partition: 0, offset: '0' },
    })
    expect(outcome).toMatchObject({ state: 'sent', certainty: 'CONFIRMED' })
  })

  test('reads instants from now on', async () => {
    const notifier = createFakeNotifier()
    const nowMs = Date.UTC(2026, 10, 22, 8)
    await run(`${NOTIFY} --not-before 2h --give-up-at 2026-11-23T00:00:00Z`, { notifier, nowMs })
    const giveUpAt = Date.UTC(2026, 10, 23)
    expect(notifier.commands[0]).toMatchObject({ notBefore: nowMs + 7_200_000, giveUpAt })
  })

  test('ends with 2 and every wrong field where the command cannot be one', async () => {
    const { code, err } = await run('notify --page x --topic Restock --text Hi')
    expect(code).toBe(2)
    expect(err).toMatch(/pageId: got "x"[\s\S]*to: got none of them[\s\S]*to\.topic: got "Restock"/)
  })

  test('with --dry-run asks the dispatcher and publishes nothing', async () => {
    const notifier = createFakeNotifier()
    const asked: unknown[] = []
    const answer = async (request: Request) => {
      asked.push({ url: request.url, key: request.headers.get('authorization') })
      asked.push(await request.json())
      return Response.json({ decision: 'refuse', reason: 'no-live-token', candidates: 0 })
    }
    const { code, out } = await run(`${NOTIFY} --dry-run`, { notifier, answer })
    expect(asked).toMatchObject([
      { url: 'http://dispatcher/v1/notifications?dryRun=true', key: 'Bearer planted-api-key' },
      { pageId: '1000', psid: '2000', topic: 'restock-1234', text: 'It is back.' },
    ])
    expect(notifier.commands).toEqual([])
    expect(out).toBe(
      '✖ would not go out  no-live-token: The person holds no live token for this topic. ' +
        'Ask for consent.\n',
    )
    expect(code).toBe(5)
  })

  test('with --dry-run ends as unavailable where nobody is sure', async () => {
    const preview = { decision: 'unsure', reason: 'ledger-behind', tokenId: null, candidates: 0 }
    const { code, out } = await run(`${NOTIFY} --dry-run`, { answer: () => Response.json(preview) })
    expect(out).toContain('nobody is sure now  ledger-behind: The ledger has not read far enough')
    expect(code).toBe(69)
  })

  test('with --dry-run names the token that would be spent', async () => {
    const preview = { decision: 'spend', reason: null, tokenId: 'ab', candidates: 2 }
    const { code, out } = await run(`${NOTIFY} --dry-run`, { answer: () => Response.json(preview) })
    expect(out).toBe('✔ would go out  token ab first, of 2\n')
    expect(code).toBe(0)
  })

  test('with --dry-run shows the call that would be made [U19]', async () => {
    const preview = { decision: 'spend', reason: null, tokenId: 'ab', candidates: 1 }
    const body = '{"recipient":{"one_time_notif_token":"[token]"},"message":{"text":"Back."}}'
    const call = { method: 'POST', path: '/v21.0/me/messages', body }
    const answer = () => Response.json({ ...preview, call })
    const { out } = await run(`${NOTIFY} --dry-run`, { answer })
    expect(out.split('\n').slice(1, 3)).toEqual(['POST /v21.0/me/messages', body])
  })

  test('with --dry-run names the way where no token would be spent, and the rules that object', async () => {
    const preview = { decision: 'spend', reason: null, tokenId: null, candidates: 0 }
    const verdicts = [
      { rule: 'notify-tag-standing', kind: 'flag', text: 'warned', source: { id: 'S1-39' } },
    ]
    const answer = () => Response.json({ ...preview, route: 'TAG', verdicts })
    const { out } = await run(`${NOTIFY} --dry-run`, { answer })
    expect(out).toContain('✔ would go out  by TAG, no token is spent\n')
    expect(out).toContain('notify-tag-standing: warned  [S1-39')
  })

  test('takes a route, its tag and a message of any kind', async () => {
    const notifier = createFakeNotifier()
    const message = '{"attachment":{"type":"image","payload":{"url":"https://a.example/7.png"}}}'
    const how = `--route TAG --tag HUMAN_AGENT --message ${message}`
    const { code } = await run(`notify --page 1000 --psid 2000 ${how}`, { notifier })
    expect(code).toBe(0)
    expect(notifier.commands).toMatchObject([
      { route: 'TAG', tag: 'HUMAN_AGENT', topic: null, text: null },
    ])
    const { err } = await run(`${NOTIFY} --route SOON`)
    expect(err).toContain('route: got "SOON", wanted one of TOKEN, WINDOW, TAG, AUTO')
  })

  test('needs no settings of services it does not reach', async () => {
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = FAKE_ENV
    const { code } = await run(NOTIFY, { env: { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } })
    expect(code).toBe(0)
  })
})
