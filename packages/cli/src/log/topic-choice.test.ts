import { allKafkaTopics } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import { chooseTopics } from './topic-choice.ts'

describe('the Kafka topics to read', () => {
  test('are the events where none is named', () => {
    expect(chooseTopics([])).toEqual(chooseTopics(['events']))
    expect(chooseTopics([])).toContain('notification')
    expect(chooseTopics([])).not.toContain('notify')
  })

  test('are named by group, alias or full name, each once', () => {
    expect(chooseTopics(['optIn', 'otn.optin.events.v1', 'alarms'])).toEqual(['optIn', 'alarm'])
    expect(chooseTopics(['all'])).toHaveLength(allKafkaTopics.length)
  })

  test('that do not exist are refused with those that do', () => {
    expect(() => chooseTopics(['tokens'])).toThrow('one of events, commands')
  })
})
