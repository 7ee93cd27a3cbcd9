import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import { ledgerSettings, logSettings } from '../../cli-settings.ts'
import { callService } from '../../http/call-service.ts'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, toFix, warn } from '../finding.ts'
import type { Place } from '../place.ts'

/** A ledger that keeps up is seconds behind, however busy; this is minutes. */
const NOTICED = 5_000

export interface LedgerPosition {
  readonly kafkaTopic: string
  /** Next offset of each partition. */
  readonly next: readonly bigint[]
  readonly end: readonly bigint[]
}

export const ledgerLag = defineCheck({
  id: 'ledger-lag',
  needs: ['kafka-topics', 'token-ledger'],
  read: readLedgerPositions,
  judge: judgeLag,
})

/** How far the ledger is, beside how far the log is. */
export async function readLedgerPositions(place: Place): Promise<readonly LedgerPosition[]> {
  const { context, shell, bus } = place
  const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
  const { topics }: { readonly topics?: unknown } = await callService(door, {
    path: '/v1/position',
  })
  const prefix = context.read(logSettings).topicPrefix ?? ''
  const told = new Map(Object.entries(Object(topics)).map(([name, next]) => [name, nextOf(next)]))
  const aliases = (Object.keys(kafkaTopics) as TopicAlias[]).filter((alias) =>
    told.has(`${prefix}${kafkaTopics[alias].name}`),
  )
  const ends = await bus().positions.endOffsetsOf(aliases)
  return aliases.map((alias) => {
    const kafkaTopic = `${prefix}${kafkaTopics[alias].name}`
    return { kafkaTopic, next: told.get(kafkaTopic) ?? [], end: ends[alias] }
  })
}

function nextOf(value: unknown): readonly bigint[] {
  if (!Array.isArray(value)) return []
  return value.map((text) => (/^\d{1,19}$/.test(String(text)) ? BigInt(String(text)) : 0n))
}

export function judgeLag(positions: readonly LedgerPosition[]): readonly Finding[] {
  const above = positions.find(({ next, end }) => next.some((at, index) => at > (end[index] ?? at)))
  if (above !== undefined) {
    const sentence = `the token-ledger is beyond the end of ${above.kafkaTopic}: another log?`
    return [toFix(sentence, 'pnpm otn ledger rebuild')]
  }
  const behind = Number(positions.reduce((sum, position) => sum + lagOf(position), 0n))
  if (behind <= NOTICED) return [ok(`the token-ledger is ${counted(behind, 'record')} behind`)]
  const sentence = `the token-ledger is ${counted(behind, 'record')} behind the log`
  return [warn(sentence, 'run it again: the number must fall; else see the log of the ledger')]
}

/** Records that it did not fold yet. */
export function lagOf({ next, end }: LedgerPosition): bigint {
  return end.reduce((sum, last, index) => sum + last - (next[index] ?? 0n), 0n)
}
