/** Ways between two parts that stall, swallow, reset or refuse for a while. */
import { setTimeout as delay } from 'node:timers/promises'
import { type FaultProxy, waitFor } from '@otn/testing'
import type { Cell } from '../cell.ts'
import type { Link } from '../cell-options.ts'
import type { Exercise } from '../exercise.ts'

type Way = Link | 'services-kafka'

/** Longer than every time-out of the chaos profile, so that each is reached. */
const HURT_MS = 4_000

/** Each ends when it is healed; what ends by itself is done again and again meanwhile. */
const HOWS = {
  stall: (proxy) => proxy.stall(),
  'black hole': (proxy) => proxy.blackHole(),
  refuse: (proxy) => proxy.refuse(),
  '5 s late': (proxy) => proxy.lag(5_000),
  'byte by byte': (proxy) => proxy.slice(),
} as const satisfies Readonly<Record<string, (proxy: FaultProxy) => void>>

const AGAIN_AND_AGAIN = {
  cut: (proxy) => proxy.cut(),
  'cut in a request': (proxy) => proxy.cutAfter(100),
  'half closed': (proxy) => proxy.halfClose('client'),
} as const satisfies Readonly<Record<string, (proxy: FaultProxy) => void>>

/** What needs bytes on the way to strike counts what it did to them. */
const HARMS: Readonly<Partial<Record<Hurt['how'], (proxy: FaultProxy) => number>>> = {
  'black hole': (proxy) => proxy.bytesLost(),
  'cut in a request': (proxy) => proxy.requestsCut(),
}

interface Hurt {
  readonly way: Way
  readonly how: keyof typeof HOWS | keyof typeof AGAIN_AND_AGAIN
}

/** Column "per change" of R7 on every way; what is stalled arrives later, what is lost never. */
const HURTS: readonly Hurt[] = [
  { way: 'meta-ingress', how: 'cut in a request' },
  { way: 'meta-ingress', how: 'stall' },
  { way: 'meta-ingress', how: 'refuse' },
  { way: 'meta-ingress', how: 'byte by byte' },
  { way: 'services-kafka', how: 'cut' },
  { way: 'services-kafka', how: 'stall' },
  { way: 'services-kafka', how: 'black hole' },
  { way: 'services-kafka', how: 'half closed' },
  { way: 'ledger-mongodb', how: 'cut' },
  { way: 'ledger-mongodb', how: 'black hole' },
  { way: 'dispatcher-mongodb', how: 'cut in a request' },
  { way: 'dispatcher-mongodb', how: 'stall' },
  { way: 'dispatcher-mongodb', how: 'black hole' },
  { way: 'dispatcher-mongodb', how: '5 s late' },
  { way: 'dispatcher-ledger', how: 'stall' },
  { way: 'dispatcher-ledger', how: 'refuse' },
  { way: 'dispatcher-graph', how: 'cut in a request' },
  { way: 'dispatcher-graph', how: 'black hole' },
  { way: 'dispatcher-graph', how: '5 s late' },
  { way: 'dispatcher-graph', how: 'half closed' },
  { way: 'dispatcher-graph', how: 'byte by byte' },
]

export const networkExercises: readonly Exercise[] = HURTS.map(({ way, how }) => ({
  family: 'network',
  id: `${how}, ${way}`,
  run: async (cell) => {
    const proxy = await proxyOf(cell, way)
    const harm = HARMS[how]
    const before = harm?.(proxy)
    for (const act of actsOf(how)) await act(proxy)
    proxy.heal()
    const hasStruck = harm === undefined || harm(proxy) !== before
    if (!hasStruck) throw new Error(`nothing was on the way of ${way} meanwhile`)
  },
}))

/** Two hurts that end by themselves must not become one: each finds open connections again. */
function actsOf(how: Hurt['how']): readonly ((proxy: FaultProxy) => Promise<void>)[] {
  if (isOnce(how)) {
    const once = async (proxy: FaultProxy): Promise<void> => {
      AGAIN_AND_AGAIN[how](proxy)
      await delay(HURT_MS / TIMES)
    }
    return Array.from({ length: TIMES }, () => once)
  }
  const lasting = async (proxy: FaultProxy): Promise<void> => {
    HOWS[how](proxy)
    await delay(HURT_MS)
  }
  return [lasting]
}

const TIMES = 5
const USED_MS = 30_000

function isOnce(how: Hurt['how']): how is keyof typeof AGAIN_AND_AGAIN {
  return Object.hasOwn(AGAIN_AND_AGAIN, how)
}

/** In use again: what was refused a moment ago comes back when it dares to. */
async function proxyOf({ links, ground }: Cell, way: Way): Promise<FaultProxy> {
  const proxy = way === 'services-kafka' ? ground.kafkaProxies[0] : links[way]
  if (proxy === undefined) throw new Error(`no proxy stands between ${way}`)
  const isUsed = async () => proxy.connections() > 0
  await waitFor(isUsed, { timeoutMs: USED_MS, describe: `somebody on the way of ${way}` })
  return proxy
}
