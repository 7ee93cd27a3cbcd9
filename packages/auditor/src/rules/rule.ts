import type { Place } from '../audit-record.ts'
import type { AuditState } from '../audit-state.ts'
import type { CommandFacts } from '../command-facts.ts'
import { type Finding, type FindingCode, finding } from '../finding.ts'
import type { Limits } from '../limits.ts'
import type { TokenFacts, Use } from '../token-facts.ts'

export interface Circumstances {
  readonly state: AuditState
  /** By the clock of the brokers; infinite = whatever is missing will never come. */
  readonly nowMs: number
  readonly limits: Limits
}

/** What is wrong with one command that is not settled. */
export type CommandRule = (command: CommandFacts, circumstances: Circumstances) => Finding[]

/** What is wrong with one token, given every attempt with it. */
export type TokenRule = (
  subject: { readonly token: TokenFacts; readonly uses: readonly Use[] },
  circumstances: Circumstances,
) => Finding[]

/** Whether what belongs to a record must have been read by now, if it is there at all. */
export function isOld(
  { timestampMs }: Place,
  { nowMs, limits }: Circumstances,
  afterMs: number = limits.readGraceMs,
): boolean {
  return timestampMs + afterMs <= nowMs
}

export interface Shown {
  readonly detail: string
  readonly place: Place
}

export function ofCommand(
  code: FindingCode,
  { key, pageId }: Pick<CommandFacts, 'key' | 'pageId'>,
  { detail, place }: Shown,
): Finding {
  const text = `${key}, ${detail}`
  return finding(code, {
    ...{ subject: `command ${key}`, pageId, detail: text },
    sinceMs: place.timestampMs,
  })
}

export function ofToken(
  code: FindingCode,
  { tokenId, grants }: TokenFacts,
  { detail, place }: Shown,
): Finding {
  const pageId = grants[0]?.pageId ?? null
  const text = `${tokenId}, ${detail}`
  return finding(code, {
    ...{ subject: `token ${tokenId}`, pageId, detail: text },
    sinceMs: place.timestampMs,
  })
}
