import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { appError } from '@otn/kernel'
import type { ChosenPort } from './engine.ts'
import type { KafkaClusterSettings, KafkaNodeSettings } from './kafka-properties.ts'
import { freePort } from './ports.ts'
import type { KafkaSecurity } from './security.ts'
import type { DiskWish } from './small-disk.ts'

const CONTROLLER_ID = 100

export interface KafkaWish {
  /** 1 (default) or 3: replication 3, min.insync.replicas 2, and a controller of their own. */
  readonly brokers?: 1 | 3 | undefined
  /** One per broker; free loopback ports by default. */
  readonly ports?: readonly ChosenPort[] | undefined
  /**
   * One per broker: gives each a second listener whose clients are told to come back by this
   * loopback port, where a fault proxy listens.
   */
  readonly proxyPorts?: readonly number[] | undefined
  /** Broker settings that win over ours. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** Gives each broker a listener that is closed to strangers; natively only. */
  readonly security?: KafkaSecurity | undefined
  /** Puts the data of each broker on a disk of its own that tests may fill. */
  readonly disk?: DiskWish | undefined
}

export interface KafkaPlan {
  readonly cluster: KafkaClusterSettings
  /** The controller first: brokers register with it. */
  readonly nodes: readonly KafkaNodeSettings[]
}

/**
 * Which nodes a cluster has, with ports and folders. A single broker is its own controller. Several
 * brokers share one that tests leave alone, so that any of them may be killed, even all.
 */
export async function planCluster(wish: KafkaWish, folder: string): Promise<KafkaPlan> {
  const brokers = wish.brokers ?? 1
  const controllerPort = await freePort()
  const isAlone = brokers === 1
  const controllerId = isAlone ? 1 : CONTROLLER_ID
  const nodes: KafkaNodeSettings[] = isAlone ? [] : [controllerNode(controllerPort, folder)]
  for (let nodeId = 1; nodeId <= brokers; nodeId += 1) {
    const advertisedPort = wish.proxyPorts?.[nodeId - 1]
    nodes.push({
      nodeId,
      roles: isAlone ? ['broker', 'controller'] : ['broker'],
      clientPort: wish.ports?.[nodeId - 1]?.port ?? (await freePort()),
      controllerPort: isAlone ? controllerPort : null,
      proxied: advertisedPort === undefined ? null : { port: await freePort(), advertisedPort },
      ...(wish.security && { securedPort: await freePort() }),
      folder: join(folder, `broker-${nodeId}`),
    })
  }
  const voter = `${controllerId}@127.0.0.1:${controllerPort}`
  const { security, settings = {} } = wish
  return { cluster: { brokers, voter, settings, security }, nodes }
}

function controllerNode(controllerPort: number, folder: string): KafkaNodeSettings {
  return {
    nodeId: CONTROLLER_ID,
    roles: ['controller'],
    clientPort: null,
    controllerPort,
    proxied: null,
    folder: join(folder, 'controller'),
  }
}

/**
 * Passes only when a folder is empty or holds the data of as many brokers.
 * @throws OTN_ENGINE_FAILED otherwise: replicas on the others would be missing.
 */
export async function requireSameNumber(folder: string, brokers: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const kept = names.filter((name) => /^broker-\d+$/.test(name)).length
  if (kept === 0 || kept === brokers) return
  const message =
    `${folder} holds the data of ${kept} brokers, asked for were ${brokers}. ` +
    'Ask for the same number, or remove the folder.'
  throw appError('OTN_ENGINE_FAILED', { message })
}
