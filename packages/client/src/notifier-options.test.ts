import { describe, expect, test } from 'vitest'
import { checkOptions, type NotifierOptions } from './notifier-options.ts'

const options: NotifierOptions = {
  kafka: { brokers: ['kafka-1:9092'] },
  schemaRegistryUrl: 'http://registry:8080/apis/ccompat/v7',
  source: 'stock-service',
}

describe('the options of a notifier', () => {
  test('are taken when they are complete', () => {
    expect(() => checkOptions(options)).not.toThrow()
    expect(() => checkOptions({ ...options, schemaIds: {} })).not.toThrow()
  })

  test('are refused with all that is wrong at once', () => {
    const wrong = { kafka: { brokers: ['kafka-1'] }, source: 'stock service' }
    expect(() => checkOptions(wrong)).toThrow(
      'createNotifier: kafka.brokers: got "kafka-1", wanted a list of host:port, for example ' +
        'kafka-1:9092; source: got "stock service", wanted the name of your service, 1 to 64 of ' +
        'A-Z a-z 0-9 . _ -; schemaRegistryUrl: got nothing, wanted it or schemaIds',
    )
  })

  test('never show a registry URL, which may carry credentials', () => {
    const schemaRegistryUrl = 'ftp://user:secret@registry'
    expect(() => checkOptions({ ...options, schemaRegistryUrl })).toThrow('got no such URL')
  })
})
