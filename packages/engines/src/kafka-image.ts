/** What the image `apache/kafka` wants to be told. Data only; Docker itself is in docker.ts. */
import type { KafkaPlan } from './kafka-plan.ts'
import { type KafkaNodeSettings, kafkaProperties } from './kafka-properties.ts'

export const IMAGE_DATA_FOLDER = '/var/lib/kafka/data'
/** Where containers reach a broker; clients outside have a port of their own. */
export const INSIDE_PORT = 19_092

const LISTENERS = ['CLIENT', 'INSIDE', 'PROXIED', 'CONTROLLER']

export interface ImageWish {
  readonly node: KafkaNodeSettings
  readonly plan: KafkaPlan
  /** How this machine reaches published ports. */
  readonly host: string
  readonly clusterId: string
}

/** Name of a node's container in the containers' network. */
export function containerName({ clientPort, nodeId }: KafkaNodeSettings): string {
  return clientPort === null ? 'kafka-controller' : `kafka-${nodeId}`
}

/** The image turns KAFKA_A_B into the setting a.b and formats its folder with CLUSTER_ID. */
export function imageEnvironment(wish: ImageWish): Record<string, string> {
  const { node, plan, clusterId } = wish
  const controller = plan.nodes.find(({ controllerPort }) => controllerPort !== null) ?? node
  const properties = {
    ...kafkaProperties(node, plan.cluster),
    'log.dirs': IMAGE_DATA_FOLDER,
    'controller.quorum.voters': plan.cluster.voter.replace('127.0.0.1', containerName(controller)),
    ...listenerProperties(wish),
  }
  const entries = Object.entries(properties).map(([name, value]) => [
    `KAFKA_${name.replaceAll('.', '_').toUpperCase()}`,
    value,
  ])
  return { ...Object.fromEntries(entries), CLUSTER_ID: clusterId }
}

function listenerProperties({ node, host }: ImageWish): Record<string, string> {
  const { clientPort, controllerPort, proxied } = node
  const listeners: string[] = []
  const advertised: string[] = []
  const listen = (name: string, port: number, toldAs: string): void => {
    listeners.push(`${name}://0.0.0.0:${port}`)
    advertised.push(`${name}://${toldAs}`)
  }
  if (clientPort !== null) {
    listen('CLIENT', clientPort, `${host}:${clientPort}`)
    listen('INSIDE', INSIDE_PORT, `${containerName(node)}:${INSIDE_PORT}`)
  }
  if (proxied !== null) listen('PROXIED', proxied.port, `127.0.0.1:${proxied.advertisedPort}`)
  if (controllerPort !== null) listeners.push(`CONTROLLER://0.0.0.0:${controllerPort}`)
  return {
    listeners: listeners.join(','),
    'listener.security.protocol.map': LISTENERS.map((name) => `${name}:PLAINTEXT`).join(','),
    ...(clientPort !== null && {
      'advertised.listeners': advertised.join(','),
      'inter.broker.listener.name': 'INSIDE',
    }),
  }
}
