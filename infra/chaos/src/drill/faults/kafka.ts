/** Brokers of a cluster: killed, restarted, frozen, all at once. */
import { setTimeout as delay } from 'node:timers/promises'
import type { KafkaBroker } from '@otn/engines'
import type { Exercise } from '../exercise.ts'
import type { Ground } from '../ground.ts'

const AWAY_MS = 6_000

function brokerOf({ engines }: Ground, index: number): KafkaBroker {
  const broker = engines.kafka.brokers[index]
  if (broker === undefined) throw new Error('the ground has one broker only')
  return broker
}

const family = 'kafka'

export const kafkaExercises: readonly Exercise[] = [
  {
    family,
    id: 'kill one broker of three',
    run: async ({ ground }) => {
      await brokerOf(ground, 0).kill()
      await delay(AWAY_MS)
      await brokerOf(ground, 0).start()
    },
  },
  {
    family,
    id: 'restart another cleanly, its leaders move',
    run: async ({ ground }) => {
      await brokerOf(ground, 1).stop()
      await brokerOf(ground, 1).start()
    },
  },
  {
    family,
    id: 'freeze the third past its session',
    run: async ({ ground }) => {
      await brokerOf(ground, 2).pause()
      await delay(AWAY_MS)
      await brokerOf(ground, 2).resume()
    },
  },
  {
    family,
    id: 'kill all three at once',
    run: async ({ ground }) => {
      const { brokers } = ground.engines.kafka
      await Promise.all(brokers.map((broker) => broker.kill()))
      await delay(AWAY_MS)
      await Promise.all(brokers.map((broker) => broker.start()))
    },
  },
]
