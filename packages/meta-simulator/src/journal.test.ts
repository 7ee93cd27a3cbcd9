import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Fact } from './domain/facts.ts'
import { startSimulator } from './index.ts'
import { openJournal, replayJournal } from './journal.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'otn-journal-'))
  path = join(folder, 'facts.ndjson')
})
afterEach(() => rmSync(folder, { recursive: true }))

function readJournal(file: string): readonly Fact[] {
  const facts: Fact[] = []
  expect(replayJournal(file, (fact) => void facts.push(fact))).toBe(facts.length)
  return facts
}

const jump: Fact = { type: 'ClockAdvanced', byMs: 5 }

test('facts come back in their order, also those of earlier processes', () => {
  expect(readJournal(path)).toEqual([])
  for (const byMs of [1, 2]) {
    const journal = openJournal(path)
    journal.add({ ...jump, byMs })
    journal.close()
  }
  expect(readJournal(path)).toEqual([
    { ...jump, byMs: 1 },
    { ...jump, byMs: 2 },
  ])
})

test('a line that a death cut short is left out, and does not spoil the next one', () => {
  const journal = openJournal(path)
  journal.add(jump)
  journal.close()
  appendFileSync(path, '{"type":"ClockAdv')
  expect(readJournal(path)).toEqual([jump])
  const next = openJournal(path)
  next.add(jump)
  next.close()
  expect(readJournal(path)).toEqual([jump, jump])
})

test('a file that is no journal is named, and so is its first wrong line', () => {
  writeFileSync(path, `${JSON.stringify(jump)}\nnot a fact\n`)
  expect(() => readJournal(path)).toThrow(/facts\.ndjson, line 2/)
})

test.each(['null', '{}', '{"type":"Nope"}', '{"type":"TokenIssued"}'])(
  'JSON that is no fact is named by its line before anything listens: %s',
  async (line) => {
    writeFileSync(path, `${JSON.stringify(jump)}\n${line}\n`)
    const fault = { code: 'OTN_CONFIG_INVALID', message: /facts\.ndjson, line 2/ }
    await expect(startSimulator({ journalFile: path })).rejects.toMatchObject({
      code: fault.code,
      message: expect.stringMatching(fault.message),
    })
  },
)

test('what happens after the end is not kept, and closing twice closes once', () => {
  const journal = openJournal(path)
  journal.close()
  journal.add(jump)
  journal.close()
  expect(readJournal(path)).toEqual([])
})

test('holds tokens, so it is readable by its owner only', () => {
  openJournal(path).close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
