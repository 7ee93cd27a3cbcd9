/** What was set aside and waits for somebody: quarantined webhook items and parked messages. */
import { DAY_MS } from '@otn/kernel'
import type { KeptIn } from '../../kept/kept-entry.ts'
import { readKept } from '../../kept/read-kept.ts'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, warn } from '../finding.ts'
import type { Place } from '../place.ts'

export interface KeptFacts {
  readonly keptIn: KeptIn
  /** Neither taken up again nor dropped. */
  readonly open: number
  /** Whole days since the oldest of them was set aside. */
  readonly oldestDays: number
}

const THINGS = {
  quarantine: 'quarantined webhook item',
  parked: 'parked message',
} as const satisfies Record<KeptIn, string>

export const quarantined = keptCheck('quarantine')
export const parked = keptCheck('parked')

function keptCheck(keptIn: KeptIn) {
  return defineCheck<KeptFacts>({
    id: keptIn === 'quarantine' ? 'quarantined' : 'parked',
    needs: ['schemas'],
    read: (place) => readOpen(place, keptIn),
    judge: judgeKept,
  })
}

/** Nothing is opened: whether an entry waits stands beside what it holds. */
async function readOpen({ log, shell }: Place, keptIn: KeptIn): Promise<KeptFacts> {
  const entries = await readKept({ log: await log(), keptIn, signal: new AbortController().signal })
  const open = entries.filter(({ resolution }) => resolution === null)
  const oldestAt = Math.min(shell.nowMs(), ...open.map(({ at }) => at))
  const oldestDays = Math.floor((shell.nowMs() - oldestAt) / DAY_MS)
  return { keptIn, open: open.length, oldestDays }
}

export function judgeKept({ keptIn, open, oldestDays }: KeptFacts): readonly Finding[] {
  if (open === 0) return [ok(`no ${THINGS[keptIn]} waits for anybody`)]
  const verb = open === 1 ? 'waits' : 'wait'
  const age = `the oldest for ${counted(oldestDays, 'day')}`
  return [warn(`${counted(open, THINGS[keptIn])} ${verb}, ${age}`, `pnpm otn ${keptIn} list`)]
}
