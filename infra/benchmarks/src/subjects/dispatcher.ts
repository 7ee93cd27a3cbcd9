/** B5: what a command costs the dispatcher, from the log over the Graph API back to the log. */
import type { Contender } from '../measure/sample.ts'
import { measured } from '../measure/worker.ts'
import type { BareUndiciQuestion } from '../servers/bare-undici.ts'
import { type Benchmark, type BenchmarkWish, type OpenBenchmark, opened } from './benchmark.ts'
import { appending, type DispatcherGround, openDispatcher, writing } from './dispatcher-parts.ts'
import { openServer } from './processes.ts'

const UNDICI = 'undici'
const UNDICI_AGAIN = 'undici again'
const WRITES = 'prepared bulk writes'
const APPENDS = 'ready appends'
const FETCH = 'fetch'
const CONTROL = { of: UNDICI, twin: UNDICI_AGAIN }
const ours = { subject: 'dispatcher', form: 'speed' } as const
/** Commands of one page at a time, as the dispatcher has it by default. */
const LANE = 96

export const dispatcherAtOnce: Benchmark = {
  name: 'dispatcher-0ms',
  sentence: 'B5: a command carried out, the Graph API answers at once',
  questions: [
    {
      ...{ ...ours, metric: 'cpuUs', parts: [UNDICI, WRITES, APPENDS], aim: 0.75 },
      name: 'CPU per command of undici + the same bulk writes + the same appends ÷ ours',
    },
    {
      ...{ ...ours, metric: 'wallUs', parts: [UNDICI, WRITES, APPENDS], aim: null },
      name: 'commands/s ÷ those three, one after the other',
    },
    {
      ...{ ...ours, metric: 'cpuUs', parts: [UNDICI], aim: null },
      name: 'CPU per command of undici alone ÷ ours',
    },
    {
      ...{ metric: 'cpuUs', subject: FETCH, parts: [UNDICI], form: 'cost', aim: null },
      name: 'CPU per call of fetch ÷ undici',
    },
  ],
  control: CONTROL,
  open: openAtOnce,
}

export const dispatcherAtDistance: Benchmark = {
  name: 'dispatcher-200ms',
  sentence: 'B5: a command carried out, the Graph API answers after 200 ms',
  questions: [
    {
      ...{ ...ours, metric: 'wallUs', parts: [UNDICI], aim: 0.95 },
      name: 'commands/s ÷ a bare loop of undici over as many connections',
    },
  ],
  control: CONTROL,
  open: openAtDistance,
}

async function openAtOnce({ ground, scale }: BenchmarkWish): Promise<OpenBenchmark> {
  const units = Math.ceil(1_500 * scale)
  await using opening = new AsyncDisposableStack()
  const wish = { name: 'dispatcher-0ms', units, delayMs: 0, connections: LANE }
  const place = await openDispatcher(opening, ground, wish)
  const contenders = [
    place.subject,
    await calling(opening, place, { name: UNDICI }),
    await calling(opening, place, { name: UNDICI_AGAIN }),
    await writing(opening, place, { name: WRITES, callers: LANE }),
    await appending(opening, place, { name: APPENDS, callers: LANE }),
    await calling(opening, place, { name: FETCH, isFetch: true }),
  ]
  const { connections, writes } = place
  return opened(opening, contenders, { commands: units, connections, 'writes of each': writes })
}

async function openAtDistance({ ground, scale }: BenchmarkWish): Promise<OpenBenchmark> {
  const units = Math.ceil(640 * scale)
  const connections = 32
  await using opening = new AsyncDisposableStack()
  const wish = { name: 'dispatcher-200ms', units, delayMs: 200, connections }
  const place = await openDispatcher(opening, ground, wish)
  const contenders = [
    place.subject,
    await calling(opening, place, { name: UNDICI }),
    await calling(opening, place, { name: UNDICI_AGAIN }),
  ]
  return opened(opening, contenders, { commands: units, connections, 'commands at a time': LANE })
}

/** The bare loop: the very call that the dispatcher made, as often as it has commands. */
async function calling(
  opening: AsyncDisposableStack,
  { graphUrl: url, call, connections, units }: DispatcherGround,
  { name, isFetch = false }: { readonly name: string; readonly isFetch?: boolean },
): Promise<Contender> {
  const question: BareUndiciQuestion = { kind: 'open', url, call, connections, isFetch }
  const { worker } = await openServer(opening, 'bare-undici', question)
  const calls: BareUndiciQuestion = { kind: 'call', count: units }
  return { name, round: () => measured(worker, units, () => worker.ask(calls)) }
}
