import { expect, test } from 'vitest'
import { imageEnvironment } from './kafka-image.ts'
import type { KafkaNodeSettings } from './kafka-properties.ts'

const broker: KafkaNodeSettings = {
  nodeId: 2,
  roles: ['broker'],
  clientPort: 15_001,
  controllerPort: null,
  proxied: { port: 15_003, advertisedPort: 15_004 },
  folder: '/var/lib/kafka/data',
}
const controller: KafkaNodeSettings = {
  ...broker,
  nodeId: 100,
  roles: ['controller'],
  clientPort: null,
  controllerPort: 15_002,
  proxied: null,
}
const plan = {
  cluster: { brokers: 3, voter: '100@127.0.0.1:15002', settings: {} },
  nodes: [controller, broker],
}

test('a broker in a container is told how each side reaches it', () => {
  const wish = { node: broker, plan, host: '127.0.0.1', clusterId: 'id' }
  expect(imageEnvironment(wish)).toMatchObject({
    CLUSTER_ID: 'id',
    KAFKA_NODE_ID: '2',
    KAFKA_PROCESS_ROLES: 'broker',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '100@kafka-controller:15002',
    KAFKA_LISTENERS: 'CLIENT://0.0.0.0:15001,INSIDE://0.0.0.0:19092,PROXIED://0.0.0.0:15003',
    KAFKA_ADVERTISED_LISTENERS:
      'CLIENT://127.0.0.1:15001,INSIDE://kafka-2:19092,PROXIED://127.0.0.1:15004',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
    KAFKA_LOG_MESSAGE_TIMESTAMP_TYPE: 'LogAppendTime',
  })
})

test('a controller in a container has no advertised listener, which the image refuses', () => {
  const wish = { node: controller, plan, host: '127.0.0.1', clusterId: 'id' }
  const environment = imageEnvironment(wish)
  expect(environment).not.toHaveProperty('KAFKA_ADVERTISED_LISTENERS')
  expect(environment.KAFKA_LISTENERS).toBe('CONTROLLER://0.0.0.0:15002')
})
