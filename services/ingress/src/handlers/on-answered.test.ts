import { expect, test } from 'vitest'
import type { WebhookAnswer } from '../domain/webhook-answer.ts'
import { onAnswered } from './on-answered.ts'

function noted(answered: Parameters<ReturnType<typeof onAnswered>>[0]) {
  const answers: WebhookAnswer[] = []
  const parts = { health: { note: (one: WebhookAnswer) => void answers.push(one) } }
  onAnswered({ ...parts, digest: () => 'd', nowMs: () => 7 })(answered)
  return answers
}

const posted = { durationMs: 3, body: Buffer.from('{}'), isSigned: true, pages: [] }

test('a 200 for which nothing was stored says nothing of the log: it ends no failures', () => {
  expect(noted({ ...posted, status: 200, records: 0 })).toEqual([])
  expect(noted({ ...posted, status: 200, records: 1 })).toMatchObject([{ cause: null, atMs: 7 }])
})

test('what was refused is on record with the digest of its body', () => {
  const [one] = noted({ ...posted, status: 503, records: 0 })
  expect(one).toEqual({
    ...{ atMs: 7, durationMs: 3, cause: 'log-unavailable', pages: [] },
    ...{ isSigned: true, bodySha256: 'd' },
  })
})
