import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerTable } from './answer-table.ts'
import { classify } from './classify.ts'
import { maskSecrets } from './mask-secrets.ts'
import type { GraphObservation } from './observation.ts'
import { parseAnswer } from './parse-answer.ts'

const RUNS = 1_000
const addressedBy = fc.constantFrom('token' as const, 'psid' as const)
const status = fc.integer({ min: 200, max: 599 })

const headers = fc.dictionary(
  fc.constantFrom(
    'x-app-usage',
    'X-Page-Usage',
    'x-business-use-case-usage',
    'retry-after',
    'date',
  ),
  fc.array(fc.oneof(fc.json(), fc.string(), fc.constant('{"a":[{"call_count":"9"},null]}'))),
)

const oddError = fc.record(
  {
    code: fc.oneof(fc.integer(), fc.constantFrom(1, 2, 4, 10, 100, 190, 551, '100', null, 1e99)),
    error_subcode: fc.oneof(fc.integer(), fc.constantFrom(2018278, 1357046, null, '33', 0.5)),
    is_transient: fc.oneof(fc.boolean(), fc.constantFrom('true', null, 1)),
    message: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    type: fc.jsonValue(),
    fbtrace_id: fc.jsonValue(),
  },
  { requiredKeys: [] },
)

const json = fc.oneof(
  fc.jsonValue(),
  fc.record({ error: oddError }),
  fc.record({ error: oddError, message_id: fc.string() }, { requiredKeys: [] }),
)

const answered = (body: unknown, at: number, told: Record<string, string[]>): GraphObservation => ({
  seen: 'answered',
  status: at,
  headers: told,
  json: body,
  bodyBytes: 1,
  bodyCut: false,
})

describe('any answer', { timeout: 60_000 }, () => {
  test('of any JSON gets a verdict, and sent only with a message id on 200', () => {
    fc.assert(
      fc.property(json, status, headers, addressedBy, (body, at, told, way) => {
        const verdict = classify(answered(body, at, told), { addressedBy: way })
        if (verdict.class !== 'sent') return
        expect(at).toBe(200)
        expect(body).toMatchObject({ message_id: verdict.messageId })
        expect(body).not.toHaveProperty('error')
      }),
      { numRuns: RUNS },
    )
  })

  test('of any bytes gets a verdict', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), status, addressedBy, (bytes, at, way) => {
        const body = parseAnswer(bytes, maskSecrets([]))
        expect(classify(answered(body, at, {}), { addressedBy: way }).row).not.toBe('')
      }),
      { numRuns: RUNS },
    )
  })

  test('of a failed server never means sent, refused or not sent, whatever it says', () => {
    const code = fc.constantFrom(...answerTable.flatMap((row) => row.codes))
    const failed = fc.integer({ min: 500, max: 599 })
    fc.assert(
      fc.property(code, failed, fc.boolean(), addressedBy, (pattern, at, isTransient, way) => {
        const [first, second] = pattern.split('/').map(Number)
        const pair =
          second === undefined ? {} : { error_subcode: Number.isNaN(second) ? 7 : second }
        const body = { error: { code: first, ...pair, is_transient: isTransient } }
        expect(classify(answered(body, at, {}), { addressedBy: way }).class).toBe('unknown')
      }),
      { numRuns: RUNS },
    )
  })
})

describe('nesting', () => {
  test('that exhausts the stack is unreadable, not a crash', () => {
    const deep = Buffer.from('['.repeat(32_000) + ']'.repeat(32_000))
    const body = parseAnswer(deep, maskSecrets(['secret']))
    expect(classify(answered(body, 200, {}), { addressedBy: 'token' }).class).toBe('unknown')
  })
})
