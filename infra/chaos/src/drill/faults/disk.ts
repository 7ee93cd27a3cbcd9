/** K20: an engine's disk fills under traffic. Neither goes on without room: it ends by itself. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type EngineProcess, type KafkaBroker, type MongodbMember, waitFor } from '@otn/engines'
import type { Cell } from '../cell.ts'
import type { Exercise } from '../exercise.ts'
import type { Ground } from '../ground.ts'

const ENDED_MS = 120_000
/** Longer than every time-out of the chaos profile, so that each is reached. */
const AWAY_MS = 6_000
const WORKS_AGAIN_MS = 120_000

type Server = KafkaBroker | MongodbMember

const DISKS = {
  Kafka: ({ engines }) => engines.kafka.brokers,
  MongoDB: ({ engines }) => engines.mongodb.members,
} as const satisfies Readonly<Record<string, (ground: Ground) => readonly Server[]>>

type Name = keyof typeof DISKS

export const diskExercises: readonly Exercise[] = [
  full('fill the disk of Kafka', ['Kafka']),
  full('fill the disk of MongoDB', ['MongoDB']),
  full('fill both disks at once', ['Kafka', 'MongoDB']),
]

function full(id: string, names: readonly Name[]): Exercise {
  return {
    family: 'disk',
    id,
    run: async (cell) => {
      const servers = names.flatMap((name) => serversOf(cell, name))
      try {
        await Promise.all(servers.map(({ disk }) => disk.fill()))
        await Promise.all(servers.map(untilEnded))
        await delay(AWAY_MS)
      } finally {
        // Also where none ended: what follows must not meet a disk that is still full.
        await Promise.all(servers.map(({ disk }) => disk.free()))
        await Promise.all(servers.map((server) => server.start()))
      }
      await untilItWorks(cell)
    },
  }
}

type Fillable = Server & { readonly disk: NonNullable<EngineProcess['disk']> }

function serversOf({ ground }: Cell, name: Name): readonly Fillable[] {
  const servers = DISKS[name](ground).filter(hasDisk)
  if (servers.length === 0) throw new Error(`${name} of this ground has no disk of its own`)
  return servers
}

function hasDisk(server: Server): server is Fillable {
  return server.disk !== null
}

async function untilEnded(server: Fillable): Promise<void> {
  const describe = `${server.name} to end on its full disk`
  await waitFor(() => hasEnded(server), { timeoutMs: ENDED_MS, describe })
}

/** No process, and nobody at its port: of a container there is only the port to be seen. */
async function hasEnded(server: Server): Promise<boolean> {
  return server.pid() === null && !(await isListening(server.address))
}

async function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`)
  const socket = connect({ host: hostname, port: Number(port) })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** The next disk fills under traffic that goes on, not under what still looks for its engines. */
async function untilItWorks({ meta }: Cell): Promise<void> {
  const calls = () => meta.truth({ limit: 1 }).callCount
  const before = calls()
  const isCalling = async () => calls() > before
  await waitFor(isCalling, {
    ...{ timeoutMs: WORKS_AGAIN_MS, describe: 'the dispatcher to call again' },
  })
}
