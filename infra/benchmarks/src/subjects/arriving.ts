/** Contenders whose calls come by themselves, and are timed from the instant each was due. */
import { type Arrivals, type Latency, openLoop } from '../measure/open-loop.ts'
import type { Contender } from '../measure/sample.ts'
import { measured, type Worker } from '../measure/worker.ts'

/** Calls are made here; the CPU time is that of the worker. */
export function arriving(
  name: string,
  worker: Worker,
  arrivals: Arrivals,
  call: (index: number) => Promise<unknown>,
): Contender {
  return timed(name, worker, arrivals, () => openLoop(arrivals, call))
}

/** The worker makes the calls, and answers how long they took. */
export function arrivingThere(
  name: string,
  worker: Worker,
  question: { readonly arrivals: Arrivals },
): Contender {
  const ask = async () => (await worker.ask(question)).value as Latency
  return timed(name, worker, question.arrivals, ask)
}

function timed(
  name: string,
  worker: Worker,
  { count }: Arrivals,
  run: () => Promise<Latency>,
): Contender {
  return {
    name,
    round: async () => {
      let latency: Latency | undefined
      const sample = await measured(worker, count, async () => {
        latency = await run()
      })
      return { ...sample, ...latency }
    },
  }
}
