/**
 * One command, one fault at each of its calls, each answer of the platform: nothing by chance. And
 * pairs of such faults.
 */
import { ANSWERS, ANSWERS_BY_PSID, type Answer, accepted, OUTSIDE } from './answers.ts'
import { CALM, type Climate } from './climate.ts'
import { runWorlds } from './run-worlds.ts'
import {
  type Draft,
  messagesBy,
  payingQuestion,
  rivalQuestions,
  SCENES,
  type Scene,
  single,
  singleQuestion,
} from './scenes.ts'
import type { Cue, ScriptedFault } from './script.ts'
import type { Workload } from './workload.ts'
import type { WorldOptions } from './world.ts'

const FAULTS: readonly ScriptedFault[] = [
  'crash-before',
  'crash-after',
  'freeze-before',
  'freeze-after',
  'refused',
  'lost',
  'late',
  'jump-on',
  'jump-back',
  'step-down',
  'emptied',
]

/** Echoes would settle every doubt; here the protocol has to do without. */
const SILENT: Climate = { ...CALM, echo: 0 }
const SEED = 7
/** Ends before the first look at rest, so that the cues are met while nothing else happens. */
const CHAOS_STEPS = 1

/** C0 to C5: where a fault may leave something half done. Looks at a cursor leave nothing. */
const STEPS = [
  /^(store\.(record|take|write|gate|books)|ledger\.|log\.append|graph\.)/,
  /^cursor\.move otn\.(notify|optin-request\.commands)/,
] as const

/** Accepted, every shape without a row, and one code of each row of the answer table. */
function eachOf(answers: readonly Answer[]): readonly Answer[] {
  return [accepted, ...answers].filter(({ name }, index, all) => {
    const row = name.split(' ')[0]
    const first = all.findIndex((other) => other.name.split(' ')[0] === row)
    return /^\d/.test(name) || first === index
  })
}

const allAnswers = eachOf(ANSWERS)

/** What one life is about. */
interface Subject {
  readonly workload: Workload
  readonly answers: readonly Answer[]
  readonly scenes: readonly Scene[]
}

const message: Subject = { workload: single, answers: allAnswers, scenes: SCENES }

/** Shapes that no row of the table has. */
const shapes = eachOf(ANSWERS_BY_PSID).filter(({ name }) => name === 'accepted' || /^\d/.test(name))
/** The platform would take the same question again, so what counts is whether one is out. */
const aboutQuestions = [
  ...eachOf(ANSWERS_BY_PSID).filter(({ delivers }) => delivers !== 'never'),
  ...shapes.filter(({ delivers }) => delivers === 'never'),
  OUTSIDE,
]

export const questions: readonly Subject[] = [
  { workload: singleQuestion, answers: aboutQuestions, scenes: [] },
  { workload: rivalQuestions, answers: shapes, scenes: [] },
  { workload: payingQuestion, answers: shapes, scenes: [] },
]

/** A message that names the person is taken as often as it arrives, as a question is. */
export const routed: readonly Subject[] = [
  { workload: messagesBy.window, answers: aboutQuestions, scenes: [] },
  { workload: messagesBy.auto, answers: shapes, scenes: [] },
  { workload: messagesBy.tag, answers: [accepted], scenes: [] },
]

/** Something that goes wrong: a fault at a call, or a scene. */
export type Mishap =
  | { readonly call: string; readonly fault: ScriptedFault }
  | { readonly scene: Scene }

/** What may go wrong with one command that meets one answer of the platform. */
export interface Row {
  readonly subject: Subject
  readonly answer: Answer
  readonly mishaps: readonly Mishap[]
}

/** Lists the calls of a command under each answer: what comes after the answer depends on it. */
export async function listRows(subject: Subject = message): Promise<readonly Row[]> {
  const { answers, scenes } = subject
  const rows: Row[] = []
  const worlds = answers.map((answer) => worldOf({ subject, answer }, []))
  await runWorlds(worlds, ({ script }, { answers: [answer] = [] }) => {
    const calls = script.calls.filter(
      ({ by, call, nth }) =>
        by === 'dispatcher' && nth === 1 && STEPS.some((step) => step.test(call)),
    )
    const cues = calls.flatMap(({ call }) => FAULTS.map((fault) => ({ call, fault })))
    const mishaps = [...cues, ...scenes.map((scene) => ({ scene }))]
    if (answer) rows.push({ subject, answer, mishaps })
    return 'go on'
  })
  return rows
}

/** Of everything that has pairs; what is new goes to the end, lest numbers of pairs change. */
export async function listAllRows(): Promise<readonly Row[]> {
  const lists: (readonly Row[])[] = []
  for (const subject of [message, ...questions, ...routed]) lists.push(await listRows(subject))
  return lists.flat()
}

export interface Single {
  readonly answer: Answer
  readonly mishap: Mishap
  readonly world: WorldOptions
}

export function singlesOf(rows: readonly Row[]): readonly Single[] {
  return rows.flatMap((row) =>
    row.mishaps.map((mishap) => ({ answer: row.answer, mishap, world: worldOf(row, [mishap]) })),
  )
}

/** Two mishaps in one life. The order counts only at one and the same call. */
export class Pairs {
  readonly #rows: readonly { readonly row: Row; readonly pairs: readonly Pair[]; from: number }[]
  readonly count: number

  constructor(rows: readonly Row[]) {
    let from = 0
    this.#rows = rows.map((row) => {
      const pairs = pairsOf(row.mishaps)
      const entry = { row, pairs, from }
      from += pairs.length
      return entry
    })
    this.count = from
  }

  /** @param index from 0 to `count` - 1 */
  at(index: number): WorldOptions {
    const entry = this.#rows.findLast(({ from }) => from <= index)
    const pair = entry?.pairs[index - entry.from]
    if (!entry || !pair) throw new Error(`there is no pair ${index}`)
    return worldOf(entry.row, pair)
  }
}

type Pair = readonly [Mishap, Mishap]

function pairsOf(mishaps: readonly Mishap[]): readonly Pair[] {
  return mishaps.flatMap((first, index) =>
    mishaps.flatMap((second, other): readonly Pair[] => {
      const isTwin = 'call' in first && 'call' in second && first.call === second.call
      const isOnce = other > index || (other === index && isTwin)
      return isOnce || isTwin ? [[first, second]] : []
    }),
  )
}

function worldOf(
  { subject, answer }: Omit<Row, 'mishaps'>,
  mishaps: readonly Mishap[],
): WorldOptions {
  const start: Draft = { workload: subject.workload, cues: [], judges: null }
  const { workload, cues, judges } = mishaps.reduce(afterMishap, start)
  return {
    ...{ seed: SEED, climate: SILENT, chaosSteps: CHAOS_STEPS, answers: [answer] },
    ...{ workload, cues, judges, isListing: mishaps.length === 0 },
  }
}

function afterMishap(draft: Draft, mishap: Mishap): Draft {
  return 'scene' in mishap ? mishap.scene.make(draft) : withCue(draft, mishap)
}

/**
 * The store is emptied under a decision, and once more, or under a process that stood still; or
 * that process stands still before it tells the proof which nobody else has.
 */
export function* emptiedTwice(): Generator<WorldOptions> {
  const emptied = { call: 'store.write decide', fault: 'emptied' } as const
  const before = [
    emptied,
    { call: 'graph.send', fault: 'emptied' },
    { call: 'graph.send', fault: 'freeze-before' },
  ] as const
  for (const answer of allAnswers) {
    const row = { subject: message, answer }
    for (const first of before) yield worldOf(row, [first, emptied])
    yield worldOf(row, [emptied, { call: 'log.append NotificationSent', fault: 'freeze-before' }])
  }
}

/** At its first call; at the second one where the first has its fault already. */
function withCue(draft: Draft, { call, fault }: Pick<Cue, 'call' | 'fault'>): Draft {
  const nth = 1 + draft.cues.filter((cue) => cue.call === call).length
  return { ...draft, cues: [...draft.cues, { by: 'dispatcher', call, nth, fault }] }
}

/**
 * A dispatcher that has the answer stands still for longer than its lease while another one goes
 * on: chance seldom makes that.
 */
export function* frozenWithAnswer(count: number): Generator<WorldOptions> {
  const frozen = worldOf({ subject: message, answer: accepted }, [
    { call: 'store.write decide', fault: 'freeze-before' },
  ])
  for (let seed = 1; seed <= count; seed += 1) yield { ...frozen, answers: [], seed }
}

/** A question, or a message within the window, is out, and nobody was told so. */
export function* unanswered([subject]: readonly Subject[], count: number): Generator<WorldOptions> {
  const answer = ANSWERS.find(({ name }) => name === '502 page')
  if (!subject || !answer) return
  for (let seed = 1; seed <= count; seed += 1) yield { ...worldOf({ subject, answer }, []), seed }
}
