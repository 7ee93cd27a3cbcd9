import type { LogSettings } from '@otn/bus'
import { Secret } from '@otn/kernel'
import type { StackFile } from './stack-file.ts'

/** How to reach a stack's log, in the words of the services' settings. */
export function logSettings(
  stack: Pick<StackFile, 'kafkaBrokers' | 'topicPrefix' | 'schemaRegistryUrl' | 'schemaIdsFile'>,
  replicationFactor = 1,
): LogSettings {
  return {
    kafkaBrokers: stack.kafkaBrokers,
    kafkaSsl: false,
    kafkaSslCaFile: null,
    kafkaSaslMechanism: 'none',
    kafkaSaslUsername: null,
    kafkaSaslPassword: new Secret('none'),
    topicPrefix: stack.topicPrefix === '' ? null : stack.topicPrefix,
    replicationFactor,
    schemaRegistryUrl: stack.schemaRegistryUrl,
    schemaIdsFile: stack.schemaIdsFile,
  }
}
