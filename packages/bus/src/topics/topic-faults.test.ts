import { describe, expect, test } from 'vitest'
import { topicNames } from '../topic-names.ts'
import { type FoundTopic, topicFaults } from './topic-faults.ts'
import { wantedTopics } from './wanted-topic.ts'

const names = topicNames('p.')
const [wanted] = wantedTopics(
  { replicationFactor: 3, minInsyncReplicas: 2, topics: ['optIn'] },
  names,
)
if (wanted === undefined) throw new Error('the table lost a Kafka topic')

const good: FoundTopic = {
  name: wanted.name,
  replicas: Array.from({ length: 12 }, () => 3),
  settings: { ...wanted.settings, 'segment.bytes': '1' },
  ownSettings: [],
}

describe('a Kafka topic', () => {
  test('as wanted has no fault, whatever else is set on it', () => {
    expect(topicFaults(wanted, good)).toEqual([])
  })

  test('that is missing is named with the command that makes it', () => {
    expect(topicFaults(wanted, undefined)).toEqual([
      'Kafka topic p.otn.optin.events.v1 is missing; run "pnpm otn topics apply"',
    ])
  })

  test('tells all its faults at once: found, wanted, next step', () => {
    const faults = topicFaults(wanted, {
      ...good,
      replicas: [3, 3, 1],
      settings: { ...good.settings, 'cleanup.policy': 'compact', 'min.insync.replicas': undefined },
    })
    expect(faults).toHaveLength(4)
    expect(faults.join('\n')).toMatch(/has 3 partitions, wanted 12; partitions are never changed/)
    expect(faults.join('\n')).toMatch(/has 1 replicas of a partition, wanted 3; reassign/)
    expect(faults.join('\n')).toMatch(/has cleanup.policy compact, wanted delete; run/)
    expect(faults.join('\n')).toMatch(/has min.insync.replicas unset, wanted 2; run/)
  })
})

describe('the wanted settings', () => {
  test('are never compacted, since kafkajs stands still before an empty batch', () => {
    const all = wantedTopics({ replicationFactor: 3, minInsyncReplicas: 2 }, names)
    expect(all).toHaveLength(16)
    expect(new Set(all.map(({ settings }) => settings['cleanup.policy']))).toEqual(
      new Set(['delete']),
    )
  })

  test('refuse fewer than three replicas unless that is allowed in so many words', () => {
    const few = { replicationFactor: 1, minInsyncReplicas: 1 }
    expect(() => wantedTopics(few, names)).toThrow(/loses acknowledged records with one machine/)
    expect(() => wantedTopics({ ...few, allowFewReplicas: true }, names)).not.toThrow()
    expect(() => wantedTopics({ replicationFactor: 3, minInsyncReplicas: 4 }, names)).toThrow(
      /min.insync.replicas is 4, wanted 1 to 3/,
    )
  })
})
