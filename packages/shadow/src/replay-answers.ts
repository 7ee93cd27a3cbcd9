/** What another answer table would have made of the platform's answers that the log tells. */
import { inNotificationWords, type NotificationEvent } from '@otn/contracts'
import type { AnswerRow } from '@otn/graph-api/answers'
import { countBy, type Window } from './compare-rules.ts'
import { inTime, type ShadowRecord } from './shadow-record.ts'

/** What an answer leads to, as far as anybody is concerned. */
export type Effect =
  | 'failed, its token is free'
  | 'failed, its token is closed'
  | 'failed'
  | 'goes again'
  | 'in doubt'

/** As much of a row as decides. */
export type ShadowRow = Pick<AnswerRow, 'id' | 'codes' | 'on' | 'text' | 'verdict'>

export interface DifferingAnswer {
  readonly pageId: string
  readonly commandId: string
  readonly attempt: number
  readonly at: number
  /** `code`, or `code/subcode`. */
  readonly answer: string
  readonly was: { readonly row: string | null; readonly effect: Effect }
  readonly would: { readonly row: string | null; readonly effect: Effect }
}

export interface AnswersReport {
  /** Answers of the platform that name a code. */
  readonly answers: number
  /** Understood on the log as the table of today understands them: only these are compared. */
  readonly explained: number
  /** Something else decided: an unknown attempt before it, a server that failed, a setting. */
  readonly unexplained: number
  readonly differing: readonly DifferingAnswer[]
  readonly counts: Readonly<Partial<Record<string, number>>>
  readonly tokens: { readonly released: number; readonly held: number }
}

export interface Tables {
  readonly today: readonly ShadowRow[]
  readonly changed: readonly ShadowRow[]
}

export function replayAnswers(
  records: readonly ShadowRecord[],
  { today, changed }: Tables,
  { fromMs, toMs }: Window,
): AnswersReport {
  const answered = inTime(records).flatMap((record) => {
    const fact = factOf(record)
    const isAnswer = fact !== null && typeof fact.graphCode === 'number'
    return isAnswer && fact.at >= fromMs && fact.at < toMs ? [fact] : []
  })
  const judged = answered.flatMap((fact) => {
    const was = effectOnLog(fact)
    if (was === null) return []
    const [again, would] = [today, changed].map((table) => effectOf(findIn(table, fact), fact))
    return again && would ? [{ fact, was, again, would }] : []
  })
  const explained = judged.filter(({ was, again }) => again.effect === was)
  const differing = explained
    .filter(({ again, would }) => again.effect !== would.effect)
    .map(({ fact, again, would }) => differingOf(fact, { was: again, would }))
  const isFree = (effect: Effect) =>
    effect === 'failed, its token is free' || effect === 'goes again'
  return {
    ...{ answers: judged.length, explained: explained.length },
    ...{ unexplained: judged.length - explained.length, differing },
    counts: countBy(differing.map(({ was, would }) => `${was.effect} → ${would.effect}`)),
    tokens: {
      released: differing.filter(({ was, would }) => !isFree(was.effect) && isFree(would.effect))
        .length,
      held: differing.filter(({ was, would }) => isFree(was.effect) && !isFree(would.effect))
        .length,
    },
  }
}

type Understood = DifferingAnswer['was']

function differingOf(
  { pageId, commandId, attempt, at, graphCode, graphSubcode }: NotificationEvent,
  effects: { readonly was: Understood; readonly would: Understood },
): DifferingAnswer {
  const answer = graphSubcode == null ? `${graphCode}` : `${graphCode}/${graphSubcode}`
  return { pageId, commandId, attempt, at, answer, ...effects }
}

function factOf(record: ShadowRecord): NotificationEvent | null {
  if (record.topic === 'notification') return record.value
  return record.topic === 'optInRequestEvent' ? inNotificationWords(record.value) : null
}

function effectOnLog({ type, tokenId, tokenReleased }: NotificationEvent): Effect | null {
  if (type === 'NotificationInDoubt') return 'in doubt'
  if (type === 'NotificationScheduled') return 'goes again'
  if (type !== 'NotificationFailed') return null
  if (tokenId == null) return 'failed'
  return tokenReleased === false ? 'failed, its token is closed' : 'failed, its token is free'
}

/** The pair itself wins over `*`, a row that asks for a text over one that does not. */
function findIn(table: readonly ShadowRow[], fact: NotificationEvent): ShadowRow | null {
  const { graphCode, graphSubcode, tokenId, detail } = fact
  const way = tokenId == null ? 'psid' : 'token'
  const pair = graphSubcode == null ? `${graphCode}` : `${graphCode}/${graphSubcode}`
  for (const pattern of [pair, `${graphCode}/*`]) {
    const rows = table.filter(
      ({ codes, on }) => codes.some((code) => code === pattern) && (on === 'any' || on === way),
    )
    const found =
      rows.find(({ text }) => text?.test(detail ?? '')) ?? rows.find(({ text }) => text === null)
    if (found !== undefined) return found
  }
  return null
}

function effectOf(row: ShadowRow | null, { tokenId }: NotificationEvent): Understood {
  const free = tokenId == null ? ('failed' as const) : ('failed, its token is free' as const)
  if (row === null) return { row: null, effect: 'in doubt' }
  const { id, verdict } = row
  switch (verdict.class) {
    case 'unknown':
      return { row: id, effect: 'in doubt' }
    case 'throttled':
      return { row: id, effect: 'goes again' }
    case 'page-stopped':
      return { row: id, effect: verdict.affects === 'page' ? 'goes again' : free }
    case 'refused':
      return { row: id, effect: free }
    case 'token-refused':
      return {
        row: id,
        effect:
          verdict.verdict === 'dead' && tokenId != null ? 'failed, its token is closed' : free,
      }
  }
}
