import { describe, expect, test } from 'vitest'
import { findMentions } from './find-mentions.ts'

/** Put together when it runs, so that this file mentions nothing by its samples. */
const ids = (...names: readonly string[]) => `[${names.join(', ')}]`
const [A, B, C] = [ids('S0-01'), ids('S0-02'), ids('D-03')]

const mentionsIn = (text: string) => findMentions({ path: 'a.test.ts', text })
const told = (text: string) =>
  mentionsIn(text).map(({ id, line, title }) => `${id} @${line} ${title.replace(/\[.*?\]/g, '#')}`)
/** Whether the one mention of this source is shown by a test that ran under this title. */
const isShownBy = (text: string, title: string) => {
  const [mention] = mentionsIn(text)
  return mention !== undefined && new RegExp(mention.pattern).test(title)
}

describe('[U18] the ids of titles are found', () => {
  test.each<[string, string, readonly string[]]>([
    ['of a test', `test('${A} x', () => {})`, ['S0-01 @1 # x']],
    ['several of one title', `it("x ${ids('S0-01', 'U2')}", f)`, ['S0-01 @1 x #', 'U2 @1 x #']],
    ['in a template', `test(\`${A} x \${n} y\`, f)`, ['S0-01 @1 # x … y']],
    ['in a sum', `test('${A} x ' +\n n + ' y', f)`, ['S0-01 @1 # x … y']],
    ['of a table', `test.each([[1]])('${A} %s', f)`, ['S0-01 @1 # %s']],
    ['of a tagged table', `test.each\`a\n\${1}\`('${A} $a', f)`, ['S0-01 @1 # $a']],
    ['with modifiers', `describe.skipIf(x)('${A}', () => {\ntest('y', f)\n})`, ['S0-01 @2 # y']],
    ['with options', `test('${A} x', { timeout: 1 }, f)`, ['S0-01 @1 # x']],
    ['in the row of a table', `test.each([\n['${A} x', 1],\n])('%s', f)`, ['S0-01 @2 # x']],
    ['handed to a helper', `cell('${A} x', f)`, ['S0-01 @1 # x']],
  ])('%s', (_, text, mentions) => {
    expect(told(text)).toEqual(mentions)
  })

  test('of a group speak for each test inside, and not for those beside it', () => {
    const text = `
      describe('a ${A}', () => {
        describe('b', () => { test('c ${B}', f) })
        test.each(rows)('d %s', f)
      })
      test('e ${C}', f)`
    expect(told(text)).toEqual([
      'S0-01 @3 a # b c #',
      'S0-02 @3 a # b c #',
      'S0-01 @4 a # d %s',
      'D-03 @6 e #',
    ])
  })

  test('in code that no title is made of are none', () => {
    const text = `// test('${A}', f)\n/* ${B} */ const x = /${C}/.test(y) && a${A}`
    expect(mentionsIn(text)).toEqual([])
  })

  test('also where they are misspelt, so that a check can name them', () => {
    const misspelt = [ids('S0-1'), ids('s0-01'), ids('S2-01'), ids('U99')]
    expect(misspelt.flatMap((id) => mentionsIn(`test('${id}', f)`)).map(({ id }) => id)).toEqual([
      'S0-1',
      's0-01',
      'S2-01',
      'U99',
    ])
  })
})

describe('a mention knows its test among those that ran', () => {
  test.each([
    [`test.each(rows)('${A} of %s, $name and 50%%', f)`, `${A} of 3, x and 50%`],
    [`test(\`${A} \${n} (a+b)\`, f)`, `${A} 7 (a+b)`],
    [`describe('a', () => { test(name, f); test('${A} c', f) })`, `a ${A} c`],
    [`describe(name, () => { test('${A} c', f) })`, `whatever ${A} c`],
    [`const rows = [['${A} c']]`, `a group ${A} c: 1`],
  ])('%s', (text, title) => {
    expect(isShownBy(text, title)).toBe(true)
    expect(isShownBy(text, title.replaceAll(A, B))).toBe(false)
  })
})
