import { readFileSync } from 'node:fs'
import { dispatcherSettings } from '@otn/dispatcher'
import { ingressSettings } from '@otn/ingress'
import { registrySettings } from '@otn/page-registry'
import { type Declarations, readSettings, type SettingFault } from '@otn/runtime'
import { ledgerSettings } from '@otn/token-ledger'
import { type Deployment, servicePlans } from './service-plans.ts'

const DECLARED: Readonly<Record<string, Declarations>> = {
  ingress: ingressSettings,
  'token-ledger': ledgerSettings,
  dispatcher: dispatcherSettings,
  'page-registry': registrySettings,
}

/** What a deployment looks like before its engines are there: only the forms matter. */
const NOT_YET: Deployment = {
  home: '.',
  kafkaBrokers: ['127.0.0.1:9092'],
  mongodbUri: 'mongodb://127.0.0.1:27017',
  schemaRegistryUrl: 'http://127.0.0.1:8080',
  schemaIdsFile: 'schema-ids.json',
  topicPrefix: '',
  databasePrefix: 'otn',
  replicationFactor: 1,
  graphUrl: 'http://127.0.0.1:8081',
  clockUrl: null,
  appId: '1',
  appSecret: 'not-yet-known',
  verifyToken: 'not-yet-known',
  personPepper: 'not-yet-known',
  masterKey: 'not-yet:known',
  apiKey: 'not-yet-known',
  apiKeysFile: 'api-keys.json',
  ports: { ingress: 0, 'token-ledger': 0, dispatcher: 0, 'page-registry': 0 },
}

/** What the services will find wrong with their own settings, known before anything runs. */
export function serviceFaults(env: NodeJS.ProcessEnv): readonly SettingFault[] {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  return servicePlans(NOT_YET).flatMap((plan) => {
    const declarations = DECLARED[plan.name] ?? {}
    const read = readSettings(declarations, { env: { ...env, ...plan.env }, readFile })
    return 'faults' in read ? read.faults : []
  })
}
