import { type Bus, openLog } from '@otn/bus'
import type { Codec } from '@otn/contracts'
import { type Log, untilReachable } from '@otn/runtime'
import { connectMongodb, type MongodbConnection } from '../adapters/connect-mongodb.ts'
import type { DispatcherValues } from '../config.ts'
import type { Telemetry } from '../telemetry.ts'

export interface Engines {
  readonly bus: Bus
  readonly codec: Codec
  readonly mongodb: MongodbConnection
  readonly databaseName: string
  close(): Promise<void>
}

const CLOSE_MS = 3_000

/**
 * Opens MongoDB and the log, waiting for each while it is away.
 * @throws as `connectMongodb` and `openLog`; nothing stays open then
 */
export async function openEngines(
  values: DispatcherValues,
  { log, tell }: { readonly log: Log; readonly tell: Telemetry },
): Promise<Engines> {
  const patience = (engine: string) => ({
    startWaitMs: values.startWaitMs,
    tellWaiting: (error: unknown) => tell.engineAwaited(engine, error),
  })
  const { mongodbUri: uri, databasePrefix, storeTimeoutMs: timeoutMs } = values
  const databaseName = `${databasePrefix}_dispatcher`
  const target = { uri, database: databaseName, timeoutMs, access: values }
  const mongodb = await untilReachable(() => connectMongodb(target), patience('mongodb'))
  try {
    const { bus, codec } = await untilReachable(
      () => openLog(values, { clientId: 'otn-dispatcher', log }),
      patience('kafka'),
    )
    const close = async () => {
      await bus.close(CLOSE_MS)
      await mongodb.close()
    }
    return { bus, codec, mongodb, databaseName, close }
  } catch (error) {
    await mongodb.close()
    throw error
  }
}
