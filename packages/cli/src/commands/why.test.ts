import { isReasonCode, reasons } from '@otn/contracts'
import { answerTable } from '@otn/graph-api/answers'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

async function told(word: string) {
  const { code, out } = await run(`why ${word} --json`, { env: {} })
  expect(code).toBe(0)
  return JSON.parse(out)
}

describe('[S1-32] otn why, asked for an answer of the platform', () => {
  test.each([
    ['190/463', 'any', 'page-stopped', 'no', 'page', /wait/],
    ['190/777', 'any', 'page-stopped', 'no', 'page', /wait/],
    ['4', 'any', 'throttled', 'no', 'operator', /Every page of the app pauses/],
    ['613', 'any', 'throttled', 'no', 'operator', /The page pauses/],
    ['551', 'any', 'refused', 'no', 'person', /ends as failed/],
    ['10/1893015', 'token', 'token-refused', 'no', 'person', /its token is closed/],
    ['2', 'any', 'unknown', 'unknown', 'platform', /waits for the echo/],
    ['-1', 'any', 'unknown', 'unknown', 'operator', /waits for the echo/],
    ['1/1357046', 'any', 'unknown', 'unknown', 'platform', /never sent again/],
    ['10/1404170', 'any', 'page-stopped', 'no', 'page', /Only questions for consent/],
    ['99999/7', 'any', 'unlisted', 'unknown', 'operator', /In doubt at once/],
  ])(
    '%s, tells class, what follows and who acts',
    async (word, addressedBy, of, sent, who, follows) => {
      const [first] = (await told(word)).verdicts
      expect(first).toMatchObject({ addressedBy, class: of, sent, who })
      expect(first.follows).toMatch(follows)
      expect(first.operator.length).toBeGreaterThan(5)
    },
  )

  test('tells apart what one code means by token, by person and by its text', async () => {
    const { verdicts, isListed } = await told('100')
    expect(isListed).toBe(true)
    expect(verdicts.map(({ row }: { row: string }) => row)).toEqual([
      'appsecret-proof',
      'token-not-honoured',
      'invalid-parameter',
    ])
    expect(verdicts[0].text).toBe('appsecret_proof')
  })

  test('says of a code that is not listed that it ends in doubt, and what is listed near it', async () => {
    const unlisted = await told('10/5')
    expect(unlisted).toMatchObject({ kind: 'graph-answer', code: 10, subcode: 5, isListed: false })
    expect(unlisted.verdicts).toMatchObject([{ class: 'unlisted', reason: 'graph-unlisted' }])
    expect(unlisted.related).toContain('10/2018278')
    const { out } = await run('why 10/5', { env: {} })
    expect(out).toMatch(/^Graph answer 10\/5, unlisted\n/)
    expect(out).toContain('the message  may be out')
  })

  test('knows every row of the table by its name, with a reason of the closed list', async () => {
    for (const { id, codes } of answerTable) {
      const named = isReasonCode(id) ? null : await told(id)
      if (named) expect(named).toMatchObject({ kind: 'answer-row', codes, verdict: { row: id } })
      if (named) expect(Object.keys(reasons)).toContain(named.verdict.reason)
    }
  })
})

describe('[S1-32] otn why, asked for a reason', () => {
  test.each(Object.entries(reasons))(
    '%s, tells what docs/errors.md tells',
    async (code, reason) => {
      expect(await told(code)).toMatchObject({ kind: 'reason', code, ...reason })
    },
  )

  test('names the answers of the platform that lead to it', async () => {
    expect((await told('window-closed')).graphCodes).toEqual([
      '10/2018278',
      '10/2018065',
      '10/2534022',
    ])
    expect((await told('gave-up')).graphCodes).toEqual([])
  })
})

describe('otn why, asked for a word it does not know', () => {
  test('says what was wanted, and shows the word without what it could do to a terminal', async () => {
    const { code, err, out } = await run('why zz\u001b[2J\u202Ezz', { env: {} })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('docs/errors.md lists them')
    expect(err).toContain('"zz\\u001b[2J\\u{202e}zz"')
  })

  test.each([
    ['token-regected', 'token-rejected'],
    ['windowclosed', 'window-closed'],
    ['WINDOW-CLOSED', 'window-closed'],
    ['throttle', ''],
  ])('%s: names the nearest first', async (word, first) => {
    const { err } = await run(`why ${word} --json`, { env: {} })
    const { message } = JSON.parse(err).error
    expect(message.split('near it: ')[1]?.split(', ')[0] ?? '').toBe(first)
  })
})
