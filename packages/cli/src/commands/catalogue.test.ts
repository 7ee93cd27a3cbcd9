import type { PageEvent } from '@otn/contracts'
import { beforeEach, describe, expect, test } from 'vitest'
import { type FakeSurroundings, run } from '../fake-shell.ts'
import { type FakeLog, fakeLogWithPage } from '../log/fake-log.ts'

const DECLARE = 'catalogue declare --page 1000 --purpose "Back in stock" --category shop'
const RULES = 'catalogue rules --page 1000'
const exact = { ruleId: 'sale', kind: 'exact', pattern: 'SALE', topic: 'sale', priority: 1 }
const regexp = { ruleId: 'items', kind: 'regexp', pattern: '^item-\\d+$', topic: 'restock-1' }

let log: FakeLog

beforeEach(async () => {
  log = await fakeLogWithPage()
})

const otn = (line: string, files: Readonly<Record<string, unknown>> = {}) => {
  const texts = Object.entries(files).map(([name, content]) => [
    `/repo/${name}`,
    typeof content === 'string' ? content : JSON.stringify(content),
  ])
  const around: FakeSurroundings = { log: log.opened, files: Object.fromEntries(texts) }
  return run(line, around)
}
const told = () => (log.values('page') as readonly PageEvent[]).slice(1)

describe('otn catalogue declare', () => {
  test('publishes what a topic is for and who may notify on it, once [S1-16]', async () => {
    const line = `${DECLARE} --topic restock-1 --may-notify "shop, crm"`
    const first = await otn(line)
    expect([first.code, first.out]).toEqual([0, '✔ topic restock-1  declared\n'])
    expect(first.err).toBe('next: pnpm otn catalogue list --page 1000\n')
    expect((await otn(line)).out).toContain('stands on the log already')
    expect(told()).toMatchObject([
      {
        ...{ type: 'TopicDeclared', topic: 'restock-1', purpose: 'Back in stock' },
        ...{ category: 'shop', mayNotify: '["shop","crm"]', requestedBy: 'otn-cli' },
      },
    ])
  })

  test('declared anew, a topic is for anyone again where nobody is named', async () => {
    await otn(`${DECLARE} --topic restock-1 --may-notify shop`)
    await otn(`${DECLARE} --topic restock-1`)
    expect(told().map(({ mayNotify }) => mayNotify)).toEqual(['["shop"]', null])
  })

  test.each([
    ['--topic "Re stock"', 2, 'topic.topic: got "Re stock", wanted a topic: 1 to 64'],
    ['--topic a --may-notify ","', 2, 'topic.mayNotify[0]: got "", wanted a text'],
    ['--topic a --page 1001', 3, '--page: got 1001, wanted a page that is connected here'],
    ['--topic a --page x', 2, '--page: got "x", wanted a page id: decimal digits'],
  ])('with %s ends with %i and says what was wanted', async (flags, ended, said) => {
    const { code, err } = await otn(`${DECLARE} ${flags}`)
    expect([code, err.includes(said)]).toEqual([ended, true])
    expect(told()).toEqual([])
  })
})

describe('otn catalogue rules', () => {
  const files = { 'rules.json': [exact, regexp] }

  test('tries rules on payloads and publishes nothing, with what would change', async () => {
    const samples = '--sample SALE --sample item-7 --sample otn1:a:c --sample other'
    const { out, err } = await otn(`${RULES} --file rules.json ${samples} --dry-run`, files)
    expect(out.split('\n')).toEqual([
      'version 0 stands',
      'change  rule',
      'added   sale',
      'added   items',
      'payload   before    after',
      'SALE      unmapped  sale (sale)',
      'item-7    unmapped  restock-1 (items)',
      'otn1:a:c  a (otn1)  a (otn1)',
      'other     unmapped  unmapped',
      '',
    ])
    expect(err).toContain('topic sale is not declared: pnpm otn catalogue declare')
    expect(err).toContain('next: pnpm otn catalogue rules --page 1000 --file rules.json')
    expect(told()).toEqual([])
  })

  test('sets all of them at once, a version each time, and nothing twice', async () => {
    expect((await otn(`${RULES} --file rules.json`, files)).out).toContain('✔ version 1 published')
    expect((await otn(`${RULES} --file rules.json`, files)).out).toContain('nothing to change')
    const fewer = { 'rules.json': [{ ...exact, topic: 'outlet' }] }
    const second = await otn(`${RULES} --file rules.json --sample item-7 --json`, fewer)
    expect(JSON.parse(second.out)).toMatchObject({
      ...{ pageId: '1000', rulesVersion: 2, published: true },
      changes: [
        { ruleId: 'sale', change: 'changed' },
        { ruleId: 'items', change: 'removed' },
      ],
      samples: [{ payload: 'item-7', before: { topic: 'restock-1' }, after: { topic: null } }],
    })
    expect(told().map(({ rulesVersion }) => rulesVersion)).toEqual([1, 2])
  })

  test('tries the rules that stand where no file is given', async () => {
    await otn(`${RULES} --file rules.json`, files)
    const { out } = await otn(`${RULES} --sample SALE`)
    expect(out).toContain('version 1 stands')
    expect(out).toContain('SALE     sale (sale)  sale (sale)')
  })

  test.each([
    ['--dry-run', {}, 2, '--file: got nothing, wanted the rules to be tried'],
    ['--file none.json', {}, 2, '--file: got /repo/none.json, wanted a file that can be read'],
    ['--file a.json', { 'a.json': '{' }, 78, '/repo/a.json is not JSON'],
    ['--file a.json', { 'a.json': {} }, 78, 'rules: got an object, wanted a list of rules'],
    [
      '--file a.json',
      {
        'a.json': [
          { ...regexp, pattern: '(a)\\1' },
          { ...exact, topic: 'No' },
        ],
      },
      78,
      'rules[0].pattern: got "(a)\\\\1", wanted a regular expression in RE2 syntax',
    ],
  ])('with %s ends with its code and says what was wanted', async (flags, given, ended, said) => {
    const { code, err } = await otn(`${RULES} ${flags}`, given)
    expect([code, err.includes(said) ? said : err]).toEqual([ended, said])
    expect(told()).toEqual([])
  })
})

describe('otn catalogue list', () => {
  const answer = {
    pageId: '1000',
    rulesVersion: 2,
    topics: [
      { topic: 'sale', isDeclared: true, tokens: 2, live: 1, mayNotify: ['shop'], purpose: 'p' },
      { topic: null, isDeclared: false, tokens: 1, live: 1 },
    ],
    rules: [
      { ruleId: 'b', ruleKind: 'prefix', pattern: 'x', topic: 'sale', priority: null },
      { ruleId: 'a', ruleKind: 'identity', pattern: null, topic: null, priority: 1 },
    ],
  }

  test('shows topics and rules, in the order in which they are asked', async () => {
    const { out, err } = await run('catalogue list --page 1000', {
      answer: ({ url }) => {
        expect(url).toBe('http://ledger/v1/pages/1000/topics')
        return Response.json(answer)
      },
    })
    expect(out).toMatch(/sale +true +2 +1 +\["shop"\] +- +p\n- +false/)
    expect(out).toMatch(/1 +a +identity[^\n]*\n- +b +prefix/)
    expect(err).toContain('2 topics, 2 rules (version 2)')
    expect(err).toContain('next: pnpm otn token assign --page 1000 --unmapped --topic TOPIC')
  })
})

describe('otn person list', () => {
  test('asks by topic and state, and shows who is there [S1-40]', async () => {
    const one = { person: 'sStxGmklUR7y9IbqqR-AlG', tokens: 2, live: 1, topics: ['a', 'b'] }
    const items = [{ ...one, lastGrantedAt: Date.UTC(2026, 10, 20) }]
    const urls: string[] = []
    const answer = ({ url }: Request) => {
      urls.push(url)
      return Response.json({ items, next: 'cursor' })
    }
    const line = 'person list --page 1000 --topic a --state live --limit 5'
    const { out, err } = await run(line, { answer })
    expect(urls).toEqual(['http://ledger/v1/pages/1000/persons?topic=a&state=live&limit=5'])
    expect(out).toContain('sStxGmklUR7y9IbqqR-AlG  2       1     2026-11-20 00:00:00.000Z  a, b')
    expect(err).toContain('1 person\nmore: --after cursor\nnext: pnpm otn token list --page 1000')
    const wrong = await run('person list --page 1000 --state gone')
    expect([wrong.code, wrong.err.includes('--state: got "gone", wanted one of')]).toEqual([
      2,
      true,
    ])
  })
})
