import { describe, expect, test } from 'vitest'
import { type FileLine, type Format, LINE_CHARACTERS_MAX, readLines } from './read-lines.ts'

const HEADER = 'pageId,psid,token,payload,grantedAt'
const ROW = { pageId: '1', psid: '2', token: '3', payload: '', grantedAt: '4' }
const WHOLE = JSON.stringify(ROW)

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096)
}

async function read(content: string | Uint8Array, format: Format) {
  const lines: FileLine[] = []
  for await (const line of readLines(inPieces(Buffer.from(content)), format)) lines.push(line)
  return lines
}

describe('a file of tokens', () => {
  test('in CSV gives lines with their numbers, quotes undone, empty ones left out', async () => {
    const text = `\uFEFF${HEADER}\r\n1,2,3,"a ""b"", c",4\r\n\r\n1,2\r\n`
    expect(await read(text, 'csv')).toEqual([
      { line: 2, json: { ...ROW, payload: 'a "b", c' }, unparsed: null },
      { line: 4, json: ['1', '2'], unparsed: null },
    ])
  })

  test('in JSON keeps the digits of an id that no double holds', async () => {
    const text = `${WHOLE}\n\n{"token":44000000000000000001}\nno json\n`
    expect(await read(text, 'jsonl')).toEqual([
      { line: 1, json: ROW, unparsed: null },
      { line: 3, json: { token: '44000000000000000001' }, unparsed: null },
      { line: 4, json: null, unparsed: 'no json' },
    ])
  })

  test.each([
    ['csv', '', 'got no pageId, psid, token, payload, grantedAt'],
    ['csv', 'pageId,psid,token,payload\n', 'got no grantedAt'],
    ['csv', `${HEADER},token\n`, 'got no token'],
    ['csv', `${HEADER}\n1,2,"planted"x,,4\n`, 'quotes that are no CSV'],
    ['csv', `${HEADER}\n${'x'.repeat(2 * LINE_CHARACTERS_MAX)}`, 'more than 65536 characters'],
    ['jsonl', '{"psid":"planted"}\n', 'got no pageId, token, payload, grantedAt'],
    ['jsonl', `${WHOLE}\n${'x'.repeat(LINE_CHARACTERS_MAX + 1)}\n`, 'characters at line 2'],
  ] as const)(
    '%s of another shape is refused as a whole, in words that quote nothing: %#',
    async (format, text, said) => {
      const error: Error = await read(text, format).then(
        () => new Error('read'),
        (thrown) => thrown,
      )
      expect(error.message).toContain(said)
      expect(error.message).not.toContain('planted')
    },
  )

  test('that is no UTF-8 is refused: a payload would not stay as it was', async () => {
    const bytes = Buffer.concat([Buffer.from(`${HEADER}\n1,2,3,`), Buffer.from([0xff, 0x0a])])
    await expect(read(bytes, 'csv')).rejects.toThrow('wanted UTF-8')
  })
})
