import { World, type WorldOptions } from './world.ts'

/**
 * Worlds that share the turns of the event loop; they share nothing else. Few: what lives at one
 * time has to fit the processor's cache and the young generation of the heap.
 */
const AT_A_TIME = 2
const STEPS_A_TURN = 1_000

interface Running {
  readonly world: World
  readonly options: WorldOptions
}

/** Told of each world when it has ended; `stop` ends the others. */
type Ended = (world: World, options: WorldOptions) => 'go on' | 'stop' | undefined

/** Runs worlds one after another, several at a time, and hands each over when it has ended. */
export async function runWorlds(options: Iterable<WorldOptions>, ended: Ended): Promise<void> {
  const running: Running[] = []
  const { stackTraceLimit } = Error
  try {
    await runAll({ rest: options[Symbol.iterator](), running, stackTraceLimit }, ended)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    for (const { world } of running) world.end()
  }
}

interface Worlds {
  readonly rest: Iterator<WorldOptions>
  readonly running: Running[]
  readonly stackTraceLimit: number
}

async function runAll(worlds: Worlds, ended: Ended): Promise<void> {
  const { running } = worlds
  fill(worlds)
  for (let turn = 1; running.length > 0; turn += 1) {
    for (const { world } of running) world.advance()
    await (turn % STEPS_A_TURN === 0 ? turnOfTheLoop() : everythingElse())
    for (let index = running.length - 1; index >= 0; index -= 1) {
      const done = running[index]
      if (!done?.world.isDone) continue
      running.splice(index, 1)
      const verdict = ended(done.world, done.options)
      done.world.end()
      if (verdict === 'stop') return
      fill(worlds)
    }
  }
}

function fill({ rest, running, stackTraceLimit }: Worlds): void {
  while (running.length < AT_A_TIME) {
    const next = rest.next()
    if (next.done) return
    // Errors are the daily bread of a world; where they came from is asked where one is traced.
    Error.stackTraceLimit = next.value.trace ? stackTraceLimit : 0
    running.push({ world: new World(next.value), options: next.value })
  }
}

/**
 * Resolves after all promises that can go on have gone on: only then Node looks at its ticks. It
 * does so without a turn of the event loop, which costs more than a step of a world.
 */
function everythingElse(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

/** For the timers and messages of whoever runs us. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
