import { expect, test } from 'vitest'
import { givenAddresses } from './engine-addresses.ts'

test('an engine is given when its setting says where, else it is started', () => {
  expect(givenAddresses({ KAFKA_BROKERS: 'a:1, b:2', MONGODB_URI: '' })).toEqual({
    kafkaBrokers: ['a:1', 'b:2'],
    mongodbUri: undefined,
    schemaRegistryUrl: undefined,
  })
  expect(givenAddresses({ KAFKA_BROKERS: ' ,' }).kafkaBrokers).toBeUndefined()
})
