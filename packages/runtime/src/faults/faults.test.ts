import { describe, expect, test } from 'vitest'
import { type FaultTable, faultPointFaults, parseStrikes, type Strike } from './fault-table.ts'
import { createFaults, openFaults } from './faults.ts'
import { strikeProcess } from './strike-process.ts'

const table = {
  claim: { step: 'C1', sides: ['before', 'after'], canLose: true, what: 'claims' },
  call: { step: 'C3', sides: ['before', 'wire', 'after'], canLose: true, what: 'calls' },
  'catch-up': { step: 'start', sides: ['before', 'after'], canLose: false, what: 'folds' },
} as const satisfies FaultTable

function strikesOf(text: string): readonly Strike[] {
  const parsed = parseStrikes(text, table)
  if ('fault' in parsed) throw new Error(parsed.fault)
  return parsed.strikes
}

/** Faults whose strikes are noted and not carried out. */
function noted(text: string) {
  const struck: string[] = []
  const faults = createFaults<keyof typeof table>(
    strikesOf(text),
    ({ action, point, side, pass }) => struck.push(`${action} ${point} ${side} ${pass}`),
  )
  return { faults, struck }
}

describe('a wish for faults', () => {
  test('names action, point, side and pass; the first pass where it names none', () => {
    expect(strikesOf('kill:claim.before@3, freeze:call.wire,lose:claim@2')).toEqual([
      { action: 'kill', point: 'claim', side: 'before', pass: 3 },
      { action: 'freeze', point: 'call', side: 'wire', pass: 1 },
      { action: 'lose', point: 'claim', side: null, pass: 2 },
    ])
  })

  test.each([
    ['kill:claims.before'],
    ['kill:claim'],
    ['kill:claim.wire'],
    ['kill:claim.before@0'],
    ['kill:claim.before@x'],
    ['lose:claim.after'],
    ['lose:catch-up'],
    ['stop:claim.before'],
    ['kill:constructor.before'],
    ['kill:claim.before,'],
  ])('%s is refused with the points there are', (text) => {
    const [fault] = faultPointFaults({ faultPoints: text }, table)
    expect(fault?.env).toBe('OTN_FAULT_POINTS')
    expect(fault?.wanted).toContain('claim (before after lose), call (before wire after lose)')
    expect(fault?.wanted).toContain('catch-up (before after)')
    expect(fault?.example).toBe('kill:claim.before@3')
  })

  test('is no fault where there is none', () => {
    expect(faultPointFaults({ faultPoints: null }, table)).toEqual([])
    expect(faultPointFaults({ faultPoints: 'lose:call@2' }, table)).toEqual([])
  })

  test('opens nothing where there is none, and never in production', () => {
    const wish = { service: 's', table, mode: 'production', faultPoints: 'kill:claim.before' }
    expect(openFaults({ ...wish, faultPoints: null })).toBeNull()
    expect(() => openFaults(wish)).toThrow('OTN_FAULT_POINTS')
    expect(openFaults({ ...wish, mode: 'test' })).not.toBeNull()
  })
})

describe('a point', () => {
  test('is struck at the pass that was named, each side counted by itself', async () => {
    const { faults, struck } = noted('kill:claim.before@2,freeze:claim.after@2')
    await faults.around('claim', async () => 1)
    expect(struck).toEqual([])
    const work = async () => {
      expect(struck).toEqual(['kill claim before 2'])
    }
    await faults.around('claim', work)
    await faults.around('claim', async () => 3)
    expect(struck).toEqual(['kill claim before 2', 'freeze claim after 2'])
  })

  test('counts its own passes only', async () => {
    const { faults, struck } = noted('kill:call.before@1,kill:call.wire@1')
    await faults.around('claim', async () => 1)
    expect(struck).toEqual([])
    faults.pass('call', 'before')
    faults.pass('call', 'wire')
    expect(struck).toEqual(['kill call before 1', 'kill call wire 1'])
  })

  test('loses the answer of what was carried out, and says so', async () => {
    const { faults, struck } = noted('lose:call@2')
    const done: number[] = []
    const call = (turn: number) =>
      faults.around(
        'call',
        async () => {
          done.push(turn)
          return 'answered'
        },
        () => 'lost',
      )
    expect([await call(1), await call(2), await call(3)]).toEqual(['answered', 'lost', 'answered'])
    expect(done).toEqual([1, 2, 3])
    expect(struck).toEqual(['lose call null 2'])
  })

  test('has no after and no answer where its operation failed', async () => {
    const { faults, struck } = noted('kill:claim.after,lose:claim')
    const failing = faults.around('claim', () => Promise.reject(new Error('away')))
    await expect(failing).rejects.toThrow('away')
    expect(struck).toEqual([])
  })
})

describe('a strike', () => {
  test.each([
    ['kill', 'before', ['SIGKILL']],
    ['freeze', 'wire', ['SIGSTOP']],
    ['lose', null, []],
  ] as const)('%s is on the log before it is carried out', (action, side, signals) => {
    const seen: string[] = []
    const strike = strikeProcess('dispatcher', {
      write: (line) => seen.push(line),
      signal: (name) => seen.push(name),
    })
    strike({ action, point: 'claim', side, pass: 3 })
    const [line = '', ...sent] = seen
    expect(sent).toEqual(signals)
    expect(line.endsWith('}\n')).toBe(true)
    const { time, ...told } = JSON.parse(line)
    expect(told).toEqual({
      ...{ level: 'warn', service: 'dispatcher', event: 'fault-point', msg: 'struck' },
      ...{ point: 'claim', side, action, pass: 3 },
    })
    expect(Number.isNaN(Date.parse(time))).toBe(false)
  })
})
