/** A log of a few hours, written down by hand, under changed rules and changed answers. */
import { readFileSync } from 'node:fs'
import { codecInMemory, kafkaTopics } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'
import { createFakeLog } from '../log/fake-log.ts'
import { parseRecords } from '../shadow/read-records.ts'

const GOLDEN = new URL('../../../shadow/fixtures/golden-log.ndjson', import.meta.url)
const log = readFileSync(GOLDEN, 'utf8')
const nowMs = Date.UTC(2026, 3, 28)
/** What was in force when the log was written. */
const today = { notify: { tags: [{ tag: 'HUMAN_AGENT' }] } }

interface Told {
  readonly commandId: string
  readonly difference: string
  readonly would: { readonly reason: string | null }
}

async function told(rules: object, more = '') {
  const files = {
    '/repo/rules.json': JSON.stringify(rules),
    '/repo/today.json': JSON.stringify(today),
    '/repo/log.ndjson': log,
  }
  const line = `shadow --rules rules.json --today today.json --log log.ndjson --json ${more}`
  const { code, out, err } = await run(line, { files, env: {}, nowMs })
  const report = out === '' ? null : JSON.parse(out)
  const differing = (report?.differing ?? []) as readonly Told[]
  const lines = differing.map(({ commandId, difference, would }) => {
    return [commandId, difference, ...(would.reason === null ? [] : [would.reason])].join(' ')
  })
  return { code, err, report, lines }
}

const with_ = (notify: object) => ({ notify: { ...today.notify, ...notify } })

describe('[U7] otn shadow, by the rules of today', () => {
  test('explains the log but for what other rules decided, and finds nothing else', async () => {
    const { code, report, lines } = await told(today)
    expect([code, lines]).toEqual([0, []])
    expect(report).toMatchObject({ commands: 13, explained: 12, gone: 1, undecided: 1 })
    expect(report.unexplained.map(({ commandId }: Told) => commandId)).toEqual(['c-8'])
  })
})

describe('[U7] otn shadow, by changed rules', () => {
  test('a stricter guard refuses a message, and the token it spent goes to the next', async () => {
    const { code, report, lines } = await told(with_({ personalData: 'refuse' }))
    expect(lines).toEqual(['c-2 would be refused personal-data', 'c-3 would be sent'])
    expect([code, report.counts]).toEqual([1, { 'would be refused': 1, 'would be sent': 1 }])
    expect(report.tokens).toEqual({ spared: 1, spent: 1 })
  })

  test('a guard that only flags leaves the window to the platform', async () => {
    const { lines } = await told(with_({ windowGuard: 'flag' }))
    expect(lines).toEqual(['c-4 would be sent'])
  })

  test('a tag that is granted no more holds back what it carried', async () => {
    const { lines } = await told({ notify: { tags: [] } })
    expect(lines).toEqual(['c-5 would be refused tag-not-allowed'])
  })

  test('a route that is off is refused, or costs a token where AUTO went without', async () => {
    const { report, lines } = await told(with_({ routesOff: ['WINDOW'] }))
    expect(lines).toEqual([
      ...['c-1 would spend a token', 'c-4 would be refused for another reason route-disabled'],
    ])
    expect(report.tokens).toEqual({ spared: 0, spent: 1 })
  })

  test('limits of questions and rules that are gone count like any other change', async () => {
    const sooner = { ...today, request: { openMs: 60_000 } }
    expect((await told(sooner)).lines).toEqual(['r-2 would be sent'])
    const gone = ['notify-window-open', 'request-already-asked']
    const repeated = 'r-2 would be refused for another reason request-title-repeated'
    const without = (rules: readonly string[]) => told({ ...today, without: rules })
    expect((await without(gone)).lines).toEqual(['c-4 would be sent', repeated])
    const { lines } = await without([...gone, 'request-title-repeated'])
    expect(lines).toEqual(['c-4 would be sent', 'r-2 would be sent'])
  })

  test('an earlier end of tokens refuses what they paid for', async () => {
    const { lines } = await told({ ...today, expiryMarginMs: 356 * 86_400_000 })
    expect(lines).toEqual([
      ...[
        'c-2 would be refused token-expired',
        'c-3 would be refused for another reason token-expired',
      ],
    ])
  })

  test('counts only what was decided in the time that is asked for', async () => {
    const { lines, report } = await told(
      with_({ personalData: 'refuse' }),
      '--from 2026-04-26T13:30:00Z --to 2026-04-26T15:00:00Z',
    )
    // What came before still decides what a token can do.
    expect([report.commands, lines]).toEqual([1, ['c-3 would be sent']])
  })

  test('prints a table, and what it comes to', async () => {
    const files = { '/repo/r.json': '{"notify":{"personalData":"refuse"}}', '/repo/l': log }
    const { out } = await run('shadow --rules r.json --log l', { files, env: {}, nowMs })
    const lines = out.split('\n')
    const row = lines.find((line) => line.includes('c-2'))
    expect(row).toMatch(
      /would be refused +sent by token 22222222 +refused personal-data by notify-/,
    )
    expect(lines.at(-2)).toBe('… 2 differ; 1 tokens would be left, 1 more spent')
  })
})

describe('[U7] otn shadow, by a changed answer table', () => {
  async function answered(answers: object) {
    const files = { '/repo/a.json': JSON.stringify(answers), '/repo/l': log }
    const { code, out, err } = await run('shadow --answers a.json --log l --json', {
      files,
      env: {},
    })
    return { code, err, report: out === '' ? null : JSON.parse(out) }
  }

  test('the same table changes nothing; what an earlier attempt decided is not compared', async () => {
    const { code, report } = await answered({})
    expect(code).toBe(0)
    expect(report).toMatchObject({ answers: 3, explained: 2, unexplained: 1, differing: [] })
  })

  test('a code that is listed closes its doubt, and one that kills tokens closes them', async () => {
    const refused = { id: 'made-up', codes: ['99999/7'], verdict: { class: 'refused' } }
    const dead = { class: 'token-refused', verdict: 'dead' }
    const closed = { id: 'person-unavailable', codes: ['551/1545041'], on: 'token', verdict: dead }
    const { code, report } = await answered({ rows: [refused, closed] })
    expect(code).toBe(1)
    expect(report.counts).toEqual({
      'failed, its token is free → failed, its token is closed': 1,
      'in doubt → failed, its token is free': 1,
    })
    expect(report.tokens).toEqual({ released: 1, held: 1 })
    expect(report.differing[1]).toMatchObject({
      ...{ commandId: 'c-11', answer: '99999/7', was: { row: null }, would: { row: 'made-up' } },
    })
  })

  test('a row that is gone leaves its codes in doubt', async () => {
    const { report } = await answered({ without: ['person-unavailable'] })
    expect(report.counts).toEqual({ 'failed, its token is free → in doubt': 1 })
  })

  test('says what is wrong with a file: field, what came, what was wanted', async () => {
    const { code, err } = await answered({ rows: [{ id: 'x', codes: ['a'], verdict: {} }] })
    expect(code).toBe(78)
    const { message } = JSON.parse(err).error
    const wanted = 'wanted a code: 100, 10/2018278, 190/*'
    expect(message).toContain(`answers.rows[0].codes[0]: got "a", ${wanted}`)
  })
})

describe('[U7] otn shadow', () => {
  test('reads the same of Kafka, and writes nothing', async () => {
    const kafka = createFakeLog(await codecInMemory())
    for (const { topic, timestampMs, value } of parseRecords(log, 'l')) {
      const name = kafkaTopics[topic].record
      kafka.append(topic, { name, value: value as never, timestampMs })
    }
    const before = kafka.values('notification').length
    const files = { '/repo/r.json': JSON.stringify(with_({ personalData: 'refuse' })) }
    const { out } = await run('shadow --rules r.json --json', { files, log: kafka.opened, nowMs })
    expect(JSON.parse(out).counts).toMatchObject({ 'would be sent': 1 })
    expect(kafka.values('notification')).toHaveLength(before)
  })

  test.each([
    ['shadow', 2, '--rules: got both or none, wanted one of --rules, --answers'],
    ['shadow --rules none.json', 2, '--rules: got /repo/none.json, wanted a file that can be read'],
    ['shadow --rules bad.json', 78, 'rules.notify.kindsOff[0]: got "fax", wanted some of text'],
    ['shadow --rules odd.json', 78, 'rules: unknown spend'],
    ['shadow --rules ok.json --log broken', 78, '/repo/broken:2: got {"topic":"x"}, wanted'],
    ['shadow --rules ok.json --from soon', 2, '--from: got "soon", wanted a length'],
  ])('%s ends with %i: %s', async (line, code, message) => {
    const files = {
      '/repo/bad.json': '{"notify":{"kindsOff":["fax"]}}',
      '/repo/odd.json': '{"spend":true}',
      '/repo/ok.json': '{}',
      '/repo/broken': '\n{"topic":"x"}\n',
    }
    const told = await run(line, { files, nowMs })
    expect([told.code, told.err]).toEqual([code, expect.stringContaining(message)])
  })
})
