import { describe, expect, test } from 'vitest'
import { createOutput } from './output.ts'
import { printable } from './printable.ts'
import { pairs, table } from './table.ts'

function write(json: boolean) {
  const [out, err]: [string[], string[]] = [[], []]
  const output = createOutput({
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    json,
    colours: { stdout: false, stderr: false },
  })
  output.data({ offset: 7n, name: 'x' }, (style) => [style.marked('good', 'sent')])
  output.say('talk')
  output.next('pnpm otn tail')
  return { out: out.join(''), err: err.join('') }
}

describe('output', () => {
  test('puts data on stdout and talk on stderr', () => {
    expect(write(false)).toEqual({ out: '✔ sent\n', err: 'talk\nnext: pnpm otn tail\n' })
  })

  test('is one line of JSON for programs, and the talk stays off it', () => {
    expect(write(true).out).toBe('{"offset":"7","name":"x"}\n')
  })

  test('cannot be made to forge lines or move the cursor by what stands on the log', () => {
    expect(printable('a\u001b[2Jb\nc\u202Ed')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}d')
  })

  test('aligns columns and shows what is missing', () => {
    const rows = [
      ['a', 'long value'],
      ['bb', null],
    ]
    expect(table(['id', 'value'], rows)).toEqual(['id  value', 'a   long value', 'bb  -'])
  })

  test('leaves out pairs without a value', () => {
    const lines = pairs([
      ['state', 'live'],
      ['expiresAt', null],
      ['topic', 'x'],
    ])
    expect(lines).toEqual(['state  live', 'topic  x'])
  })
})
