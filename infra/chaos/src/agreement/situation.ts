/**
 * Random lives of people, each with one command at its end. Every person is new, so that no
 * situation changes another one.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { messageTags } from '@otn/policy'
import type { Random } from '../simulation/random.ts'
import { type Content, contents } from './contents.ts'

const TOPICS = ['restock-1', 'restock-10', 'price.drop', 'event_7', 'flight'] as const
const ROUTES = [null, 'TOKEN', 'TOKEN', 'AUTO', 'AUTO', 'WINDOW', 'WINDOW', 'TAG'] as const
const TAGS = [...messageTags.keys(), 'SALE']

export type ActKind = 'message' | 'postback' | 'reaction' | 'referral' | Unreachable
/** The app is told of none of these. */
type Unreachable = 'block' | 'stop' | 'delete-chat'

/** What happens to a person before the command, so long before it. */
export type Step = { readonly agoMs: number } & (
  | { readonly kind: 'act'; readonly act: ActKind }
  | { readonly kind: 'tap'; readonly topic: string }
  /** The newest token goes: by an earlier command of ours, or by another app. */
  | { readonly kind: 'spend'; readonly by: 'us' | 'others' }
  | { readonly kind: 'ask'; readonly topic: string }
  | { readonly kind: 'withdraw'; readonly topic: string | null }
)

/** What the command says; who is meant follows once there is somebody. */
export type Wish = {
  /** By token: the newest of the person, or one that there is not. */
  readonly names: 'psid' | 'token' | 'no such token' | 'nobody'
  readonly topic: string | null
  /** As if the person were known to another page. */
  readonly isOfOtherPage: boolean
} & (
  | { readonly kind: 'request'; readonly title: string | null; readonly context: string | null }
  | ({
      readonly kind: 'notify'
      readonly route: string | null
      readonly tag: string | null
      /** From the command on, ms; null = at once, for good. */
      readonly notBeforeMs: number | null
      readonly giveUpMs: number | null
    } & Content)
)

export interface Situation {
  readonly page: number
  readonly steps: readonly Step[]
  readonly wish: Wish
  /** Since the beginning, ms. */
  readonly atMs: number
}

/** From here on something may have been long ago. */
export const PAST_MS = 366 * DAY_MS
/** Commands fall into this time: it has tags that are retired in it, and a year of tokens. */
const SPAN_MS = 120 * DAY_MS

const AROUND = {
  window: [HOUR_MS, HOUR_MS, DAY_MS - 1, DAY_MS, 7 * DAY_MS - 1, 7 * DAY_MS, 40 * DAY_MS],
  token: [HOUR_MS, DAY_MS, 9 * DAY_MS, 90 * DAY_MS, 364 * DAY_MS - 1, 364 * DAY_MS, 365 * DAY_MS],
} as const

export function situationOf(random: Random): Situation {
  const topic = random.pick(TOPICS)
  const steps = stepsOf(random, topic)
  const isRequest = random.chance(0.3)
  const names = random.pick<Wish['names']>([
    ...(['psid', 'psid', 'psid', 'psid', 'psid', 'token', 'token'] as const),
    ...(random.chance(0.2) ? (['no such token', 'nobody'] as const) : []),
  ])
  const about = random.chance(0.75) ? topic : random.pick([...TOPICS, 'Restock', null])
  const wanted = { names, topic: about, isOfOtherPage: random.chance(0.04) }
  const words = isRequest ? requestWords(random, about) : notifyWords(random)
  const wish: Wish = { ...wanted, ...words }
  return { page: random.below(3), steps, wish, atMs: PAST_MS + random.below(SPAN_MS) }
}

function stepsOf(random: Random, topic: string): readonly Step[] {
  const steps: Step[] = []
  const acts: readonly ActKind[] = [
    'message',
    'message',
    'message',
    'postback',
    'reaction',
    'referral',
  ]
  if (random.chance(0.7)) {
    const act = acts[random.below(acts.length)] ?? 'message'
    steps.push({ kind: 'act', act, agoMs: random.pick<number>(AROUND.window) })
  }
  for (let taps = random.below(4); taps > 0; taps -= 1) {
    const of = random.chance(0.7) ? topic : random.pick(TOPICS)
    steps.push({ kind: 'tap', topic: of, agoMs: random.pick<number>(AROUND.token) })
  }
  const minutes = () => (1 + random.below(50)) * MINUTE_MS
  if (random.chance(0.15)) {
    const by = random.chance(0.7) ? ('us' as const) : ('others' as const)
    steps.push({ kind: 'spend', by, agoMs: minutes() })
  }
  if (random.chance(0.2)) {
    const of = random.chance(0.7) ? topic : random.pick(TOPICS)
    steps.push({ kind: 'ask', topic: of, agoMs: random.pick([minutes(), 8 * DAY_MS]) })
  }
  if (random.chance(0.08)) {
    const of = random.chance(0.5) ? topic : null
    steps.push({ kind: 'withdraw', topic: of, agoMs: minutes() })
  }
  if (random.chance(0.04)) {
    const act = random.pick<Unreachable>(['block', 'stop', 'delete-chat'])
    steps.push({ kind: 'act', act, agoMs: minutes() })
  }
  return steps.toSorted((a, b) => b.agoMs - a.agoMs)
}

/** Two topics are seldom asked about in the same words. */
function titleOf(random: Random, topic: string | null): string {
  return random.chance(0.15) ? 'Shall we tell you?' : `Shall we tell you of ${topic ?? 'it'}?`
}

/** Around each limit of a title, and what the guards look for. */
const ODD_TITLES: readonly [string | null, ...(string | null)[]] = [
  null,
  '',
  'a'.repeat(65),
  'a'.repeat(66),
  'あ'.repeat(65),
  'あ'.repeat(66),
  `${'🔔'.repeat(32)}a`,
  '🔔'.repeat(33),
  'a\u0007b',
  '\u200b',
  'At a@example.com?',
  'News on your diagnosis?',
]

function requestWords(random: Random, topic: string | null) {
  const title = random.chance(0.75) ? titleOf(random, topic) : random.pick(ODD_TITLES)
  const context = random.chance(0.8)
    ? 'shop-7'
    : random.pick([null, 'a'.repeat(128), 'a'.repeat(129), 'a b'])
  return { kind: 'request', title, context } as const
}

function notifyWords(random: Random) {
  const [usual] = contents
  const content = random.chance(0.6) ? usual : random.pick(contents)
  const route = random.chance(0.02) ? 'POST' : random.pick(ROUTES)
  const hasTag = route === 'TAG' ? random.chance(0.95) : random.chance(0.03)
  const tag = hasTag ? random.pick(['HUMAN_AGENT', 'HUMAN_AGENT', ...TAGS]) : null
  const notBeforeMs = random.chance(0.03) ? HOUR_MS : null
  const giveUpMs = random.chance(0.05) ? random.pick([-HOUR_MS, HOUR_MS]) : null
  return { kind: 'notify', route, tag, notBeforeMs, giveUpMs, ...content } as const
}
