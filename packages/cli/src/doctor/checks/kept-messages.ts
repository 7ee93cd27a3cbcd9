/** What was put aside: quarantined webhooks and parked messages. */
import { DAY_MS } from '@otn/kernel'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, warn } from '../finding.ts'
import type { Place } from '../place.ts'

const RECENT_DAYS = 7

type KeptTopic = 'quarantine' | 'parked'

export interface KeptFacts {
  readonly topic: KeptTopic
  readonly recent: number
  /** Everything that is kept, the recent ones included. */
  readonly all: number
}

const WORDS = {
  quarantine: 'webhook item was quarantined',
  parked: 'message was parked',
} as const satisfies Record<KeptTopic, string>

export const quarantined = keptCheck('quarantine')
export const parked = keptCheck('parked')

function keptCheck(topic: KeptTopic) {
  return defineCheck<KeptFacts>({
    id: topic === 'quarantine' ? 'quarantined' : 'parked',
    needs: ['kafka-topics'],
    read: (place) => readKept(place, topic),
    judge: judgeKept,
  })
}

/** Counts by offsets: nothing is read, nothing is opened. */
async function readKept({ bus, shell }: Place, topic: KeptTopic): Promise<KeptFacts> {
  const { positions } = bus()
  const sinceMs = shell.nowMs() - RECENT_DAYS * DAY_MS
  const [starts, since, ends] = await Promise.all([
    positions.startOffsets(topic),
    positions.offsetsAt(topic, sinceMs),
    positions.endOffsets(topic),
  ])
  return { topic, recent: between(since, ends), all: between(starts, ends) }
}

function between(from: readonly bigint[], to: readonly bigint[]): number {
  return to.reduce((sum, end, index) => sum + Number(end - (from[index] ?? end)), 0)
}

export function judgeKept({ topic, recent, all }: KeptFacts): readonly Finding[] {
  const [thing, ...was] = WORDS[topic].split(/ (?=was)/)
  const kept = `${all} kept in all`
  if (recent === 0) return [ok(`no ${thing} ${was} in ${RECENT_DAYS} days, ${kept}`)]
  const verb = recent === 1 ? was.join(' ') : was.join(' ').replace('was', 'were')
  const sentence = `${counted(recent, thing ?? '')} ${verb} within ${RECENT_DAYS} days, ${kept}`
  return [warn(sentence, `pnpm otn ${topic} list`)]
}
