/**
 * One command, one fault at each of its calls, each answer of the platform: nothing by chance. And
 * all pairs of such faults.
 */
import { ANSWERS, type Answer, accepted } from './answers.ts'
import { CALM, type Climate } from './climate.ts'
import { runWorlds } from './run-worlds.ts'
import { type Draft, SCENES, type Scene, single } from './scenes.ts'
import type { Cue, ScriptedFault } from './script.ts'
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
const STEPS =
  /^(store\.(record|take|write|gate)|ledger\.|cursor\.move otn\.notify|log\.append|graph\.)/

/** Accepted, every shape without a row, and each code of the answer table. */
const allAnswers: readonly Answer[] = [accepted, ...ANSWERS].filter(({ name }, index, all) => {
  const row = name.split(' ')[0]
  const first = all.findIndex((other) => other.name.split(' ')[0] === row)
  return /^\d/.test(name) || first === index
})

/** Something that goes wrong: a fault at a call, or a scene. */
export type Mishap =
  | { readonly call: string; readonly fault: ScriptedFault }
  | { readonly scene: Scene }

/** What may go wrong with one command that meets one answer of the platform. */
export interface Row {
  readonly answer: Answer
  readonly mishaps: readonly Mishap[]
}

/** Lists the calls of a command under each answer: what comes after the answer depends on it. */
export async function listRows(): Promise<readonly Row[]> {
  const rows: Row[] = []
  const worlds = allAnswers.map((answer) => worldOf(answer, []))
  await runWorlds(worlds, ({ script }, { answers: [answer] = [] }) => {
    const calls = script.calls.filter(
      ({ by, call, nth }) => by === 'dispatcher' && nth === 1 && STEPS.test(call),
    )
    const cues = calls.flatMap(({ call }) => FAULTS.map((fault) => ({ call, fault })))
    if (answer) rows.push({ answer, mishaps: [...cues, ...SCENES.map((scene) => ({ scene }))] })
    return 'go on'
  })
  return rows
}

export interface Single {
  readonly answer: Answer
  readonly mishap: Mishap
  readonly world: WorldOptions
}

export function singlesOf(rows: readonly Row[]): readonly Single[] {
  return rows.flatMap(({ answer, mishaps }) =>
    mishaps.map((mishap) => ({ answer, mishap, world: worldOf(answer, [mishap]) })),
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
    return worldOf(entry.row.answer, pair)
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

function worldOf(answer: Answer, mishaps: readonly Mishap[]): WorldOptions {
  const start: Draft = { workload: single, cues: [], judges: null }
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
    for (const first of before) yield worldOf(answer, [first, emptied])
    yield worldOf(answer, [
      emptied,
      { call: 'log.append NotificationSent', fault: 'freeze-before' },
    ])
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
  const frozen = worldOf(accepted, [{ call: 'store.write decide', fault: 'freeze-before' }])
  for (let seed = 1; seed <= count; seed += 1) yield { ...frozen, answers: [], seed }
}
