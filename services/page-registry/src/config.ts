import { MINUTE_MS, Secret } from '@otn/kernel'
import {
  apiKeySettings,
  appSecrets,
  identitySettings,
  kafkaSettings,
  metaSettings,
  modeSettings,
  mongodbSettings,
  type SettingFault,
  setting,
  unsafeSettings,
  type Values,
} from '@otn/runtime'
import { parseMasterKeys } from '@otn/vault'
import { DEFAULT_FIELDS, fieldsOf, OPT_IN_FIELD } from './domain/webhook-fields.ts'

const platformSettings = {
  ...metaSettings,
  verifyToken: setting.secret({
    env: 'META_VERIFY_TOKEN',
    check: (value) => (appSecrets(value).includes('') ? 'an empty token between commas' : null),
    sentence: 'What the platform must show to verify the webhook address; several by commas.',
  }),
  graphBaseUrl: setting.url({
    env: 'GRAPH_BASE_URL',
    protocols: ['http:', 'https:'],
    default: 'https://graph.facebook.com',
    sentence: 'Origin of the Graph API, or of a stand-in for it.',
  }),
  graphVersion: setting.text({
    env: 'GRAPH_VERSION',
    pattern: /^v\d+\.\d+$/,
    default: 'v21.0',
    sentence: 'Version of the Graph API for pages that name none.',
  }),
  callbackUrl: setting.url({
    env: 'REGISTRY_CALLBACK_URL',
    protocols: ['http:', 'https:'],
    example: 'https://webhooks.example.com/webhook',
    sentence: 'Where the platform is to send webhooks: the ingress, as it is reached from outside.',
  }),
  fields: setting.list({
    env: 'REGISTRY_FIELDS',
    default: DEFAULT_FIELDS.join(','),
    example: 'messaging_optins,messages',
    sentence: 'Webhook fields that pages are followed with; message_optins names messaging_optins.',
  }),
} as const

const doorSettings = {
  host: setting.text({
    env: 'REGISTRY_HOST',
    default: '127.0.0.1',
    sentence: 'Address the API of pages listens on.',
  }),
  port: setting.integer({
    env: 'REGISTRY_PORT',
    min: 0,
    max: 65_535,
    default: '0',
    sentence: 'Port the API of pages listens on; 0 takes a free one.',
  }),
} as const

/** It has no fault points. */
const { mode, clockUrl, logLevel } = modeSettings

/** Every setting of the page registry. */
export const registrySettings = {
  ...{ mode, clockUrl, logLevel },
  ...kafkaSettings,
  ...mongodbSettings,
  ...identitySettings,
  ...apiKeySettings,
  ...platformSettings,
  ...doorSettings,
  watchMs: setting.milliseconds({
    env: 'REGISTRY_WATCH_MS',
    min: 1_000,
    max: 60 * MINUTE_MS,
    default: String(5 * MINUTE_MS),
    sentence: 'How often subscriptions and page tokens are looked at, by the business clock.',
  }),
  requestMs: setting.milliseconds({
    env: 'REGISTRY_REQUEST_MS',
    min: 5_000,
    // The command line waits three minutes.
    max: 150_000,
    default: '120000',
    sentence: 'How long all calls of the platform for one request may take together.',
  }),
  storeTimeoutMs: setting.milliseconds({
    env: 'REGISTRY_STORE_TIMEOUT_MS',
    min: 500,
    max: 60_000,
    default: '5000',
    sentence: 'How long MongoDB may take to answer before the registry counts it as away.',
  }),
  startWaitMs: setting.milliseconds({
    env: 'REGISTRY_START_WAIT_MS',
    min: 0,
    max: 600_000,
    default: '60000',
    sentence: 'How long a start waits for Kafka and MongoDB, answering 503, before it gives up.',
  }),
} as const

export type RegistryValues = Values<typeof registrySettings>

/** What goes out to the platform: of each list the newest, which stands first. */
export function newestSecrets({
  appSecret,
  verifyToken,
}: Pick<RegistryValues, 'appSecret' | 'verifyToken'>) {
  const newest = (list: Secret) => new Secret(appSecrets(list.reveal())[0] ?? '')
  return { appSecret: newest(appSecret), verifyToken: newest(verifyToken) }
}

/** What no setting shows by itself. */
export function checkRegistry(values: RegistryValues): readonly SettingFault[] {
  const parsed = parseMasterKeys(values.masterKey.reveal())
  const masterKey = {
    env: 'OTN_MASTER_KEY',
    wanted: 'id:base64 of 32 bytes, several separated by commas',
    example: 'key-1:…',
  }
  const fields = {
    env: 'REGISTRY_FIELDS',
    got: values.fields.join(','),
    wanted: `${OPT_IN_FIELD} among them, for without it no consent arrives`,
    example: DEFAULT_FIELDS.join(','),
  }
  return [
    ...unsafeSettings({ ...values, faultPoints: null }),
    ...('fault' in parsed ? [{ ...masterKey, got: parsed.fault }] : []),
    ...(fieldsOf(values.fields).includes(OPT_IN_FIELD) ? [] : [fields]),
  ]
}
