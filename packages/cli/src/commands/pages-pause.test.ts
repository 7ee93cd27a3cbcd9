import type { PageEvent } from '@otn/contracts'
import { beforeEach, describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'
import { type FakeLog, fakeLogWithPage } from '../log/fake-log.ts'

let log: FakeLog

beforeEach(async () => {
  log = await fakeLogWithPage()
})

const otn = (line: string) => run(line, { log: log.opened, files: {} })
const told = () => (log.values('page') as readonly PageEvent[]).slice(1)

describe('otn pages pause and resume', () => {
  test('publish one fact each time the page changes, and none where it does not', async () => {
    expect((await otn('pages resume 1000')).out).toBe('✔ page 1000  is running already\n')
    const paused = await otn('pages pause 1000')
    expect([paused.code, paused.out]).toEqual([0, '✔ page 1000  paused\n'])
    expect(paused.err).toBe('next: pnpm otn pages resume 1000\n')
    expect((await otn('pages pause 1000')).out).toBe('✔ page 1000  is paused already\n')
    expect((await otn('pages resume 1000')).out).toBe('✔ page 1000  resumed\n')
    const again = await otn('pages pause 1000 --json')
    expect(JSON.parse(again.out)).toMatchObject({ pageId: '1000', state: 'paused' })
    expect(told()).toMatchObject([
      { type: 'PagePaused', pageId: '1000', requestedBy: 'otn-cli' },
      { type: 'PageResumed', requestedBy: 'otn-cli' },
      { type: 'PagePaused', requestedBy: 'otn-cli' },
    ])
    expect(new Set(told().map(({ eventId: id }) => id)).size).toBe(3)
    // Of facts about a page the youngest holds, so each must be younger than the one before.
    const times = told().map(({ at }) => at)
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b))
  })

  test.each([
    ['pages pause shop', 2, '<page>: got "shop", wanted a page id: decimal digits'],
    ['pages pause 1001', 3, '<page>: got 1001, wanted a page that is connected here'],
    ['pages pause', 2, "missing required argument 'page'"],
  ])('%s ends with %i and says what was wanted', async (line, ended, said) => {
    const { code, err } = await otn(line)
    expect([code, err.includes(said)]).toEqual([ended, true])
    expect(told()).toEqual([])
  })
})
