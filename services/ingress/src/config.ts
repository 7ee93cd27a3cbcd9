import {
  appSecrets,
  faultPointFaults,
  identitySettings,
  kafkaSettings,
  metaSettings,
  modeSettings,
  optionalApiKeySettings,
  type SettingFault,
  setting,
  unsafeSettings,
  type Values,
} from '@otn/runtime'
import { parseMasterKeys } from '@otn/vault'
import { faultPoints } from './fault-points.ts'

const MIB = 1024 * 1024

const APPS_FILE = 'META_APPS_FILE'

/** One app by three settings, or several by a file. */
const appSettings = {
  appId: setting.unless(APPS_FILE, metaSettings.appId),
  appSecret: setting.unless(APPS_FILE, metaSettings.appSecret),
  verifyToken: setting.unless(
    APPS_FILE,
    setting.secret({
      env: 'META_VERIFY_TOKEN',
      check: (value) => (appSecrets(value).includes('') ? 'an empty token between commas' : null),
      sentence: 'What the platform must show to verify the webhook address; several by commas.',
    }),
  ),
  appsFile: setting.optionalText({
    env: APPS_FILE,
    sentence:
      'JSON list of { appId, appSecrets, verifyTokens }: several apps, rotation (secrets.md).',
  }),
  appsFileCheckMs: setting.milliseconds({
    env: 'INGRESS_APPS_FILE_CHECK_MS',
    min: 50,
    max: 600_000,
    default: '5000',
    sentence: 'How often META_APPS_FILE is looked at for another content.',
  }),
} as const

const doorSettings = {
  host: setting.text({
    env: 'INGRESS_HOST',
    default: '127.0.0.1',
    sentence: 'Address to listen on.',
  }),
  port: setting.integer({
    env: 'INGRESS_PORT',
    min: 0,
    max: 65_535,
    default: '0',
    sentence: 'Port to listen on; 0 takes a free one.',
  }),
  requestTimeoutMs: setting.milliseconds({
    env: 'INGRESS_REQUEST_TIMEOUT_MS',
    min: 100,
    max: 60_000,
    default: '2000',
    sentence: 'A request that has not arrived whole by then is answered 408 and cut.',
  }),
  headersTimeoutMs: setting.milliseconds({
    env: 'INGRESS_HEADERS_TIMEOUT_MS',
    min: 100,
    max: 60_000,
    default: '2000',
    sentence: 'The same for the head of a request; never above INGRESS_REQUEST_TIMEOUT_MS.',
  }),
  connectionsCheckMs: setting.milliseconds({
    env: 'INGRESS_CONNECTIONS_CHECK_MS',
    min: 50,
    max: 10_000,
    default: '500',
    sentence: 'How often late requests are looked for: how far the two limits may be exceeded.',
  }),
  connectionsMax: setting.integer({
    env: 'INGRESS_CONNECTIONS_MAX',
    min: 1,
    max: 100_000,
    unit: 'connections',
    default: '2000',
    sentence: 'Connections open at a time; for a further one the oldest slow one is cut.',
  }),
  receivingBytesMax: setting.integer({
    env: 'INGRESS_RECEIVING_BYTES_MAX',
    min: 8 * MIB,
    max: 4_096 * MIB,
    unit: 'bytes',
    default: String(64 * MIB),
    sentence: 'Of bodies not arrived whole, as announced; for more the oldest is cut.',
  }),
  bodyBytesMax: setting.integer({
    env: 'INGRESS_BODY_BYTES_MAX',
    min: 64 * 1024,
    // A whole body must fit its quarantine, sealed and in base64.
    max: 4 * MIB,
    unit: 'bytes',
    default: String(4 * MIB),
    sentence: 'Largest body; a larger one is answered 413. The platform batches up to 1000 items.',
  }),
} as const

const funnelSettings = {
  deadlineMs: setting.milliseconds({
    env: 'INGRESS_DEADLINE_MS',
    min: 200,
    // The promise is an answer within 3 s; the rest is for the answer itself.
    max: 2_800,
    default: '2500',
    sentence: 'From the head of a webhook to 503, where Kafka has not acknowledged by then.',
  }),
  queueRecordsMax: setting.integer({
    env: 'INGRESS_QUEUE_RECORDS_MAX',
    // The largest webhook must fit as a whole: the platform batches up to 1000 items.
    min: 2_000,
    max: 1_000_000,
    unit: 'records',
    default: '50000',
    sentence: 'Records that may wait for Kafka; beyond it webhooks are refused before being read.',
  }),
  queueBytesMax: setting.integer({
    env: 'INGRESS_QUEUE_BYTES_MAX',
    min: 8 * MIB,
    max: 1024 * MIB,
    unit: 'bytes',
    default: String(32 * MIB),
    sentence: 'Bytes that may wait for Kafka.',
  }),
  queueAgeMaxMs: setting.milliseconds({
    env: 'INGRESS_QUEUE_AGE_MAX_MS',
    min: 50,
    max: 2_800,
    default: '2000',
    sentence: 'Nothing more is taken once the oldest waiting record is this old.',
  }),
  startWaitMs: setting.milliseconds({
    env: 'INGRESS_START_WAIT_MS',
    min: 0,
    max: 600_000,
    default: '30000',
    sentence: 'How long a start waits for Kafka and answers 503 meanwhile, before it gives up.',
  }),
} as const

const spoolSettings = {
  spoolFolder: setting.optionalText({
    env: 'INGRESS_SPOOL_DIR',
    sentence: 'Folder on a local disk, of this ingress alone; what it holds is always drained.',
  }),
  spoolAfterMs: setting.milliseconds({
    env: 'INGRESS_SPOOL_AFTER_MS',
    min: 0,
    // The platform alerts at fifteen minutes; webhooks must be answered 200 again before.
    max: 600_000,
    default: '0',
    sentence:
      'Kafka away this long: webhooks go to INGRESS_SPOOL_DIR, answered 200 (spool.md); 0 = never.',
  }),
  spoolBytesMax: setting.integer({
    env: 'INGRESS_SPOOL_BYTES_MAX',
    min: 16 * MIB,
    max: 1024 * 1024 * MIB,
    unit: 'bytes',
    default: String(1024 * MIB),
    sentence: 'What the spool may hold; beyond it webhooks are answered 503 again.',
  }),
} as const

const healthSettings = {
  instance: setting.optionalText({
    env: 'INGRESS_INSTANCE',
    sentence: 'Names this ingress in its alarms; the name of the machine where it is not given.',
  }),
  failingAfterMs: setting.milliseconds({
    env: 'INGRESS_FAILING_AFTER_MS',
    min: 10_000,
    // The platform alerts at fifteen minutes; ours must be out before.
    max: 600_000,
    default: '180000',
    sentence: 'Alarm when webhooks fail this far apart without a 200 between (Meta: 15 min).',
  }),
  failingGravelyAfterMs: setting.milliseconds({
    env: 'INGRESS_FAILING_GRAVELY_AFTER_MS',
    min: 20_000,
    max: 3_000_000,
    default: '600000',
    sentence: 'The same alarm again as critical; above INGRESS_FAILING_AFTER_MS (Meta: 60 min).',
  }),
  slowPercent: setting.integer({
    env: 'INGRESS_SLOW_PERCENT',
    min: 0,
    max: 100,
    unit: 'percent',
    default: '5',
    sentence: 'Alarm when more than this share of answers in the window took above 5 s.',
  }),
  windowMinutes: setting.integer({
    env: 'INGRESS_HEALTH_WINDOW_MINUTES',
    min: 1,
    max: 60,
    unit: 'minutes',
    default: '15',
    sentence: 'How far back shares and latencies of answers look.',
  }),
  errorsPerCauseMax: setting.integer({
    env: 'INGRESS_RECENT_ERRORS_MAX',
    min: 1,
    max: 200,
    unit: 'rows',
    default: '20',
    sentence: 'Recent errors kept in memory, of each of the five causes.',
  }),
} as const

/** Every setting of the ingress. */
export const ingressSettings = {
  ...modeSettings,
  ...kafkaSettings,
  ...identitySettings,
  ...appSettings,
  ...doorSettings,
  ...funnelSettings,
  ...spoolSettings,
  ...optionalApiKeySettings,
  ...healthSettings,
} as const

export type IngressValues = Values<typeof ingressSettings>

/** What no setting shows by itself. */
export function checkIngress(values: IngressValues): readonly SettingFault[] {
  const parsed = parseMasterKeys(values.masterKey.reveal())
  const masterKey = {
    env: 'OTN_MASTER_KEY',
    wanted: 'id:base64 of 32 bytes, several separated by commas',
    example: 'key-1:…',
  }
  return [
    ...graverFaults(values),
    ...spoolFaults(values),
    ...unsafeSettings(values),
    ...faultPointFaults(values, faultPoints),
    ...('fault' in parsed ? [{ ...masterKey, got: parsed.fault }] : []),
  ]
}

function graverFaults({ failingAfterMs, failingGravelyAfterMs }: IngressValues): SettingFault[] {
  if (failingGravelyAfterMs > failingAfterMs) return []
  const wanted = 'more than INGRESS_FAILING_AFTER_MS'
  const env = 'INGRESS_FAILING_GRAVELY_AFTER_MS'
  return [{ env, wanted, example: '600000', got: String(failingGravelyAfterMs) }]
}

/** What a late log leaves to the disk must fit before 3 s, too. */
const SPOOL_DEADLINE_MS_MAX = 2_500

function spoolFaults({ spoolFolder, spoolAfterMs, deadlineMs }: IngressValues): SettingFault[] {
  if (spoolAfterMs === 0) return []
  const faults: SettingFault[] = []
  if (spoolFolder === null) {
    const wanted = 'a folder, where INGRESS_SPOOL_AFTER_MS is given'
    const example = '/var/lib/otn/spool'
    faults.push({ env: 'INGRESS_SPOOL_DIR', wanted, example, got: 'missing' })
  }
  if (deadlineMs > SPOOL_DEADLINE_MS_MAX) {
    const example = String(SPOOL_DEADLINE_MS_MAX)
    const wanted = `at most ${example}, where INGRESS_SPOOL_AFTER_MS is given`
    faults.push({ env: 'INGRESS_DEADLINE_MS', wanted, example, got: String(deadlineMs) })
  }
  return faults
}
