import {
  freePort,
  type MongodbEngine,
  type MongodbMember,
  type MongodbOptions,
  startMongodb,
} from '@otn/engines'
import { type FaultProxy, faultProxy } from './fault-proxy.ts'

/** A replica set of three; each member is found by a proxy, by its clients and by the others. */
export interface ProxiedMongodb extends AsyncDisposable {
  readonly mongodb: MongodbEngine
  /** In the order of `mongodb.members`. */
  readonly proxies: readonly FaultProxy[]
  /** Cuts a member off from the two others; its clients reach it as before. */
  isolate(member: MongodbMember): void
  /** Mends every proxy. */
  heal(): void
  stop(): Promise<void>
}

/** Starts the proxies, then the set behind them: members look for themselves by these ports. */
export async function startProxiedMongodb(
  options: Pick<MongodbOptions, 'disk'> = {},
): Promise<ProxiedMongodb> {
  const ports = await Promise.all(Array.from({ length: 3 }, () => freePort()))
  const proxies = await Promise.all(
    ports.map((port) => faultProxy({ target: `127.0.0.1:${port}`, protocol: 'mongodb' })),
  )
  const stopProxies = async (): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.stop()))
  }
  const mongodb = await startMongodb({
    ...options,
    members: 3,
    ports: ports.map((port) => ({ setting: 'ports', port })),
    proxyPorts: proxies.map(({ port }) => port),
  }).catch(async (error: unknown) => {
    await stopProxies()
    throw error
  })
  const stop = async (): Promise<void> => {
    await mongodb.stop()
    await stopProxies()
  }
  const portOf = ({ behindProxy }: MongodbMember): number => Number(behindProxy.split(':')[1])
  return {
    mongodb,
    proxies,
    isolate: (member) => {
      for (const [index, proxy] of proxies.entries()) {
        const isOwn = mongodb.members[index] === member
        proxy.turnAway((opener) => (isOwn ? opener !== null : opener === portOf(member)))
      }
    },
    heal: () => {
      for (const proxy of proxies) proxy.heal()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
