/**
 * The planted bugs of the project (reliability-performance.md 5.6) as far as they show on the log,
 * and corruptions of single records: what each leaves behind, and what must then be found.
 */
import { DAY_MS, HOUR_MS } from '@otn/kernel'
import type { FindingCode } from '../../src/finding.ts'
import { castOf, type Life, lived } from './lives.ts'
import { type Command, type Entry, START_MS, Story, TOPIC, type Token } from './story.ts'

interface Bug {
  /** The life of the command that it is planted into. */
  readonly life: Life
  readonly finds: FindingCode
  readonly plant: (entries: readonly Entry[], scene: Scene) => readonly Entry[]
}

interface Scene {
  readonly of: Command
  readonly other: Command
  readonly its: Token
  readonly second: Token
  /** Begins a quarter of an hour after the last record. */
  readonly later: Story
}

const is = (type: string, attempt?: number) => (entry: Entry) =>
  entry.value.type === type && (attempt === undefined || entry.value.attempt === attempt)

type Choice = (entry: Entry) => boolean
type Entries = readonly Entry[]

const without = (entries: Entries, choice: Choice) => entries.filter((entry) => !choice(entry))
const changed = (entries: Entries, choice: Choice, change: Record<string, unknown>) =>
  entries.map((entry) =>
    choice(entry) ? { ...entry, value: { ...entry.value, ...change } } : entry,
  )
const moved = (entries: Entries, choice: Choice, byMs: number) =>
  entries.map((entry) =>
    choice(entry) ? { ...entry, timestampMs: entry.timestampMs + byMs } : entry,
  )

const SENT = is('NotificationSent')
const FIRST = is('NotificationAttempted', 1)
const SECOND = is('NotificationAttempted', 2)

export const plantedBugs: Readonly<Record<string, Bug>> = {
  'offset before settle: the command is lost': {
    life: 'sent',
    finds: 'command-unanswered',
    plant: (entries) => without(entries, ({ topic }) => topic === 'notification'),
  },
  'intent after the call': {
    life: 'sent',
    finds: 'outcome-unattempted',
    plant: (entries) => moved(entries, FIRST, 5_000),
  },
  'no intent at all': {
    life: 'sent',
    finds: 'outcome-unattempted',
    plant: (entries) => without(entries, FIRST),
  },
  'retry with another token': {
    life: 'probed',
    finds: 'command-moved',
    plant: (entries, { second: { tokenId } }) =>
      changed(changed(entries, SECOND, { tokenId }), SENT, { tokenId }),
  },
  'fallback to the person after an unknown attempt': {
    life: 'probed',
    finds: 'command-moved',
    plant: (entries) =>
      changed(changed(entries, SECOND, { tokenId: null }), SENT, { tokenId: null }),
  },
  '5xx counts as failed': {
    life: 'settled_by_echo',
    finds: 'final-while-unknown',
    plant: (entries, { of, later }) => [...without(entries, SENT), ...later.failed(of).entries],
  },
  'a definite failure keeps its token': {
    life: 'refused_and_let_go',
    finds: 'token-withheld',
    plant: (entries) => changed(entries, is('NotificationFailed'), { tokenReleased: false }),
  },
  'used counts as sent without an unknown attempt': {
    life: 'sent',
    finds: 'inferred-without-doubt',
    plant: (entries) => changed(entries, SENT, { certainty: 'INFERRED', messageId: null }),
  },
  'a forgotten command is carried out again': {
    life: 'sent',
    finds: 'attempt-after-final',
    plant: (entries, { of, its, later }) => [
      ...entries,
      ...later.attempted(of, its, 2).sent(of, its, 2).entries,
    ],
  },
  'a claim that was rolled back: two commands spend one token': {
    life: 'sent',
    finds: 'token-sent-twice',
    plant: (entries, { other, its, later }) => [
      ...entries,
      ...later.notify(other).attempted(other, its).sent(other, its).entries,
    ],
  },
  'a fence that does not hold: a token in doubt is taken': {
    life: 'settled_by_echo',
    finds: 'token-doubled',
    plant: (entries, { other, its, later }) => [
      ...without(entries, SENT),
      ...later.notify(other).attempted(other, its).notSent(other, its).entries,
    ],
  },
  'expiry is not checked': {
    life: 'sent',
    finds: 'attempt-after-expiry',
    plant: (entries) =>
      changed(entries, is('OptInReceived'), { grantedAt: START_MS - 366 * DAY_MS }),
  },
  'withdrawal is not checked': {
    life: 'waited',
    finds: 'attempt-after-withdrawal',
    plant: (entries, { its }) => [
      ...entries,
      ...new Story(START_MS).tokenEvent('TokenWithdrawn', its).entries,
    ],
  },
  'withdrawal by the person is not checked': {
    life: 'waited',
    finds: 'attempt-after-withdrawal',
    plant: (entries, { its }) => {
      const scope = { tokenId: null, topic: null, withdrawnAt: START_MS + 365 * DAY_MS }
      const told = new Story(START_MS).tokenEvent('ConsentWithdrawn', its, scope)
      return [...entries, ...told.entries]
    },
  },
  'withdrawal of a topic is not checked': {
    life: 'waited',
    finds: 'attempt-after-withdrawal',
    plant: (entries, { its }) => {
      const withdrawnAt = START_MS + 365 * DAY_MS
      const scope = { tokenId: null, person: null, topic: TOPIC, withdrawnAt }
      const told = new Story(START_MS).tokenEvent('ConsentWithdrawn', its, scope)
      return [...entries, ...told.entries]
    },
  },
  'the topic is not checked': {
    life: 'sent',
    finds: 'topic-not-agreed',
    plant: (entries) => changed(entries, is('OptInReceived'), { topic: 'another' }),
  },
  'a token of somebody else is spent': {
    life: 'sent',
    finds: 'token-of-another',
    plant: (entries) => changed(entries, is('OptInReceived'), { pageId: '1001' }),
  },
  'a consent that was answered and not written': {
    life: 'sent',
    finds: 'token-not-granted',
    plant: (entries) => without(entries, is('OptInReceived')),
  },
  'an outcome is not told': {
    life: 'sent',
    finds: 'attempt-unfinished',
    plant: (entries) => without(entries, SENT),
  },
  'the doubt is not told before the probe': {
    life: 'probed',
    finds: 'attempt-unclosed',
    plant: (entries) => without(without(entries, is('NotificationInDoubt')), SENT),
  },
  'a wait is forgotten': {
    life: 'waited',
    finds: 'wait-overdue',
    plant: (entries) => without(without(entries, FIRST), SENT),
  },
  'a probe after 1/1357046': {
    life: 'probed',
    finds: 'probe-forbidden',
    plant: (entries) =>
      changed(entries, is('NotificationInDoubt'), { graphCode: 1, graphSubcode: 1357046 }),
  },
  'a fact is decided anew under its old id': {
    life: 'refused_and_let_go',
    finds: 'event-id-reused',
    plant: (entries, { of, its, later }) => {
      const dead = { attempt: 1, tokenId: its.tokenId, tokenReleased: false }
      return [...entries, ...later.failed(of, dead).entries]
    },
  },
  'a final fact is replaced by another one': {
    life: 'refused_and_let_go',
    finds: 'two-finals',
    plant: (entries, { of, its, later }) => [...entries, ...later.sent(of, its).entries],
  },
  'the digest of another command': {
    life: 'sent',
    finds: 'digest-differs',
    plant: (entries) => changed(entries, SENT, { commandDigest: 'f'.repeat(64) }),
  },
  'a repeat is rejected': {
    life: 'sent',
    finds: 'rejected-itself',
    plant: (entries, { of, later }) => [...entries, ...later.fact('CommandRejected', of).entries],
  },
}

/** A log with one bug in it: a command of its own lives its life, and the bug leaves its trace. */
export function withBug(name: string): { readonly entries: Entries; readonly finds: FindingCode } {
  const bug = plantedBugs[name]
  const cast = castOf(90)
  const [of, other] = cast.commands
  if (bug === undefined) throw new Error(`no bug is called ${name}`)
  const story = lived(cast, [bug.life], START_MS)
  const scene = { of, other, its: cast.tokens[0], second: cast.tokens[1] }
  const later = new Story(story.nowMs + HOUR_MS / 4)
  return { entries: bug.plant(story.entries, { ...scene, later }), finds: bug.finds }
}
