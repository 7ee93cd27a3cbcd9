/** Where Apicurio serves the API of Confluent's registry. */
export const CONFLUENT_PATH = '/apis/ccompat/v7'

/** Settings of Apicurio Registry that hold however it is started. */
export function registryEnvironment(kafkaBrokers: readonly string[]): Record<string, string> {
  return {
    APICURIO_STORAGE_KIND: 'kafkasql',
    APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
    // It reads its journal in polls that may each wait so long; the start waits for the first.
    APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT: '200',
    QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'false',
    QUARKUS_LOG_LEVEL: 'WARN',
  }
}
