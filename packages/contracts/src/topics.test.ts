import { describe, expect, test } from 'vitest'
import { allKafkaTopics, kafkaTopics, subjectOf, topicConfig } from './topics.ts'

describe('the table of Kafka topics', () => {
  test('events are kept for ever, commands for 30 days, and none is ever compacted', () => {
    expect(topicConfig(kafkaTopics.optIn)['retention.ms']).toBe('-1')
    expect(topicConfig(kafkaTopics.notify)['retention.ms']).toBe(String(30 * 86_400_000))
    expect(topicConfig(kafkaTopics.receipt)['retention.ms']).toBe(String(400 * 86_400_000))
    for (const topic of allKafkaTopics) expect(topicConfig(topic)['cleanup.policy']).toBe('delete')
  })

  test('the broker stamps every record, for a stranger’s clock must not decide retention', () => {
    for (const topic of allKafkaTopics) {
      expect(topicConfig(topic)['message.timestamp.type']).toBe('LogAppendTime')
    }
  })

  test('12 partitions, 3 where nothing is looked up by key', () => {
    const few = allKafkaTopics
      .filter(({ partitions }) => partitions === 3)
      .map(({ alias }) => alias)
    expect(few.sort()).toEqual(['alarm', 'parked', 'quarantine'])
    expect(new Set(allKafkaTopics.map(({ partitions }) => partitions))).toEqual(new Set([3, 12]))
  })

  test('subjects follow the Kafka topic and its prefix', () => {
    expect(subjectOf(kafkaTopics.optIn, 'eu.')).toBe('eu.otn.optin.events.v1-value')
  })
})
