/** Where the engines of a test run are. Plain data, because it travels to the workers. */
export interface EngineAddresses {
  readonly kafkaBrokers: readonly string[]
  readonly mongodbUri: string
  readonly schemaRegistryUrl: string
}

/** The addresses that the environment gives; undefined where an engine is to be started. */
export function givenAddresses(env: NodeJS.ProcessEnv): {
  readonly [Name in keyof EngineAddresses]: EngineAddresses[Name] | undefined
} {
  const brokers = (env.KAFKA_BROKERS ?? '').split(',').map((address) => address.trim())
  const kafkaBrokers = brokers.filter((address) => address !== '')
  return {
    kafkaBrokers: kafkaBrokers.length === 0 ? undefined : kafkaBrokers,
    mongodbUri: env.MONGODB_URI || undefined,
    schemaRegistryUrl: env.SCHEMA_REGISTRY_URL || undefined,
  }
}
