/** The primary of a set of three: steps down, dies, falls silent and comes back believing. */
import { setTimeout as delay } from 'node:timers/promises'
import { type MongodbMember, primaryOf } from '@otn/engines'
import type { Exercise } from '../exercise.ts'
import type { Ground } from '../ground.ts'

const AWAY_MS = 8_000

const primaryIn = ({ engines }: Ground) => primaryOf(engines.mongodb.members)

/** Resolves when another member than this one is primary. */
async function untilReplaced({ engines }: Ground, former: MongodbMember): Promise<void> {
  await primaryOf(engines.mongodb.members.filter(({ name }) => name !== former.name))
}

const family = 'mongodb'

export const mongodbExercises: readonly Exercise[] = [
  {
    family,
    id: 'the primary steps down',
    run: async ({ ground }) => {
      const former = await primaryIn(ground)
      await former.stepDown(10)
      await untilReplaced(ground, former)
    },
  },
  {
    family,
    id: 'kill the primary',
    run: async ({ ground }) => {
      const former = await primaryIn(ground)
      await former.kill()
      await untilReplaced(ground, former)
      await former.start()
    },
  },
  {
    family,
    id: 'freeze the primary until another is elected',
    run: async ({ ground }) => {
      const former = await primaryIn(ground)
      await former.pause()
      await untilReplaced(ground, former)
      await delay(AWAY_MS)
      await former.resume()
    },
  },
  {
    family,
    id: 'kill two of three, no majority',
    run: async ({ ground }) => {
      const [first, second] = ground.engines.mongodb.members
      await Promise.all([first?.kill(), second?.kill()])
      await delay(AWAY_MS)
      await Promise.all([first?.start(), second?.start()])
    },
  },
]
