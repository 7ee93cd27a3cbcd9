import { describe, expect, test } from 'vitest'
import { type KafkaNodeSettings, kafkaProperties, propertiesText } from './kafka-properties.ts'

const alone: KafkaNodeSettings = {
  nodeId: 1,
  roles: ['broker', 'controller'],
  clientPort: 15_001,
  controllerPort: 15_002,
  proxied: null,
  folder: '/data/broker-1',
}
const cluster = { brokers: 1, voter: '1@127.0.0.1:15002', settings: {} }

describe('the settings of a broker', () => {
  test('promise on three brokers what production promises, and no more on one', () => {
    const one = kafkaProperties(alone, cluster)
    const three = kafkaProperties(alone, { ...cluster, brokers: 3 })
    const replication = 'default.replication.factor'
    expect([one[replication], one['min.insync.replicas']]).toEqual(['1', '1'])
    expect([three[replication], three['min.insync.replicas']]).toEqual(['3', '2'])
    expect(three['offsets.topic.replication.factor']).toBe('3')
    expect(three['unclean.leader.election.enable']).toBe('false')
  })

  test('stamp records with the broker’s clock and create no Kafka topic unasked', () => {
    const properties = kafkaProperties(alone, cluster)
    expect(properties['log.message.timestamp.type']).toBe('LogAppendTime')
    expect(properties['auto.create.topics.enable']).toBe('false')
  })

  test('tell clients of the proxied listener to come by the proxy', () => {
    const proxied = { port: 15_003, advertisedPort: 15_004 }
    const properties = kafkaProperties({ ...alone, proxied }, cluster)
    expect(properties.listeners).toContain('PROXIED://127.0.0.1:15003')
    expect(properties['advertised.listeners']).toBe(
      'CLIENT://127.0.0.1:15001,PROXIED://127.0.0.1:15004',
    )
    expect(properties['inter.broker.listener.name']).toBe('CLIENT')
  })

  test('give a pure controller nothing that only brokers may have', () => {
    const controller: KafkaNodeSettings = { ...alone, roles: ['controller'], clientPort: null }
    const properties = kafkaProperties(controller, cluster)
    expect(properties).not.toHaveProperty('advertised.listeners')
    expect(properties.listeners).toBe('CONTROLLER://127.0.0.1:15002')
  })

  test('yield to the settings of the caller', () => {
    const settings = { 'broker.session.timeout.ms': '9000' }
    const properties = kafkaProperties(alone, { ...cluster, settings })
    expect(properties['broker.session.timeout.ms']).toBe('9000')
  })

  test('close the secured listener alone to strangers', () => {
    const security = { certificate: 'chain', key: 'key', users: [] }
    const secured = { ...alone, securedPort: 15_005 }
    const properties = kafkaProperties(secured, { ...cluster, security })
    expect(properties['advertised.listeners']).toBe(
      'CLIENT://127.0.0.1:15001,SECURED://127.0.0.1:15005',
    )
    expect(properties['listener.security.protocol.map']).toMatch(/SECURED:SASL_SSL/)
    expect(properties['authorizer.class.name']).toMatch(/StandardAuthorizer$/)
    expect(kafkaProperties(alone, cluster)).not.toHaveProperty('authorizer.class.name')
  })

  test('are written so that Java reads them back, backslashes and line ends included', () => {
    expect(propertiesText({ 'log.dirs': 'C:\\data', a: 'b=c\nd' })).toBe(
      'log.dirs=C:\\\\data\na=b=c\\nd\n',
    )
  })
})
