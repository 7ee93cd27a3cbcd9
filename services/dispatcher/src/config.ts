/** Every setting of this service, declared once. */
import { type CodePair, isGraphVersion } from '@otn/graph-api'
import { HOUR_MS, MINUTE_MS } from '@otn/kernel'
import {
  apiKeySettings,
  faultPointFaults,
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
import { askingSettings } from './asking-settings.ts'
import { campaignSettings } from './campaign-settings.ts'
import { dispatcherFaultPoints } from './fault-points.ts'
import { notifyingFaults, notifyingSettings } from './notifying-settings.ts'
import { pacingFaults, pacingSettings } from './pacing-settings.ts'
import { quietFaults, quietSettings } from './quiet-settings.ts'
import { threadSettings } from './thread-settings.ts'

const CODE_PAIR = /^(\d{1,9})(?:\/(\d{1,9}))?$/

const graphSettings = {
  graphBaseUrl: setting.url({
    env: 'GRAPH_BASE_URL',
    protocols: ['http:', 'https:'],
    default: 'https://graph.facebook.com',
    sentence: 'Origin of the Graph API, or of a stand-in for it.',
  }),
  graphVersion: setting.text({
    env: 'GRAPH_VERSION',
    default: 'v21.0',
    sentence: 'Version of the Graph API for pages that name none.',
  }),
  tokenUsedCodes: setting.optionalText({
    env: 'DISPATCHER_TOKEN_USED_CODES',
    sentence: 'Graph codes known to mean that a token was used, as code or code/subcode.',
  }),
} as const

const ledgerSettings = {
  ledgerUrl: setting.url({
    env: 'DISPATCHER_LEDGER_URL',
    protocols: ['http:', 'https:'],
    example: 'http://token-ledger:8082',
    sentence: 'The token-ledger that proposes tokens.',
  }),
  ledgerApiKey: setting.secret({
    env: 'DISPATCHER_LEDGER_API_KEY',
    sentence: 'Key of the token-ledger with the scopes candidates:read and tokens:read.',
  }),
  ledgerTimeoutMs: setting.milliseconds({
    env: 'DISPATCHER_LEDGER_TIMEOUT_MS',
    min: 100,
    max: 60_000,
    default: '3000',
    sentence: 'How long the token-ledger may take to answer.',
  }),
} as const

const doorSettings = {
  host: setting.text({
    env: 'DISPATCHER_HOST',
    default: '127.0.0.1',
    sentence: 'Address to listen on.',
  }),
  port: setting.integer({
    env: 'DISPATCHER_PORT',
    min: 0,
    max: 65_535,
    default: '0',
    sentence: 'Port to listen on; 0 takes a free one.',
  }),
} as const

const callSettings = {
  leaseMs: setting.milliseconds({
    env: 'DISPATCHER_LEASE_MS',
    min: 1_000,
    max: 10 * MINUTE_MS,
    default: '60000',
    sentence: 'How long an attempt has; afterwards its outcome counts as unknown.',
  }),
  startTimeoutMs: setting.milliseconds({
    env: 'DISPATCHER_START_TIMEOUT_MS',
    min: 50,
    max: 60_000,
    default: '4000',
    sentence: 'From the decision to call to the first byte: a connection must be had by then.',
  }),
  callTimeoutMs: setting.milliseconds({
    env: 'DISPATCHER_CALL_TIMEOUT_MS',
    min: 100,
    max: 5 * MINUTE_MS,
    default: '20000',
    sentence: 'From the first byte of a call to the last of its answer; then it is unknown.',
  }),
  appendTimeoutMs: setting.milliseconds({
    env: 'DISPATCHER_APPEND_TIMEOUT_MS',
    min: 200,
    max: 60_000,
    default: '3000',
    sentence: 'How long Kafka may take to acknowledge a fact, and the HTTP API to answer.',
  }),
  storeTimeoutMs: setting.milliseconds({
    env: 'DISPATCHER_STORE_TIMEOUT_MS',
    min: 500,
    max: 60_000,
    default: '5000',
    sentence: 'How long MongoDB may take to answer before it counts as away.',
  }),
  connectionsMax: setting.integer({
    env: 'DISPATCHER_CONNECTIONS_MAX',
    min: 1,
    max: 10_000,
    unit: 'connections',
    default: '384',
    sentence: 'Connections to the Graph API, one call at a time on each.',
  }),
} as const

const doubtSettings = {
  unknownPolicy: setting.choice({
    env: 'DISPATCHER_UNKNOWN',
    of: ['probe', 'hold'],
    default: 'probe',
    sentence:
      'After an unknown outcome: probe with the same token, or hold for an echo or a person.',
  }),
  settleMs: setting.milliseconds({
    env: 'DISPATCHER_SETTLE_MS',
    min: 100,
    max: HOUR_MS,
    default: '120000',
    sentence: 'How long an echo has to settle an unknown outcome before anything else is done.',
  }),
  probesMax: setting.integer({
    env: 'DISPATCHER_PROBES_MAX',
    min: 0,
    max: 10,
    unit: 'probes',
    default: '3',
    sentence: 'Further attempts with the same token after an unknown outcome.',
  }),
  doubtMsMax: setting.milliseconds({
    env: 'DISPATCHER_DOUBT_MS_MAX',
    min: 100,
    max: 24 * HOUR_MS,
    default: String(HOUR_MS),
    sentence: 'After this long an unknown outcome is called in doubt at the latest.',
  }),
} as const

const laneSettings = {
  laneConcurrency: setting.integer({
    env: 'DISPATCHER_LANE_CONCURRENCY',
    min: 1,
    max: 1_000,
    unit: 'commands',
    default: '96',
    sentence: 'Commands of one page carried out at the same time.',
  }),
  concurrency: setting.integer({
    env: 'DISPATCHER_CONCURRENCY',
    min: 1,
    max: 10_000,
    unit: 'commands',
    default: '384',
    sentence: 'Commands of all pages carried out at the same time.',
  }),
  tickMs: setting.milliseconds({
    env: 'DISPATCHER_TICK_MS',
    min: 10,
    max: 10_000,
    default: '250',
    sentence: 'How often commands that have become due are looked for.',
  }),
  recheckMs: setting.milliseconds({
    env: 'DISPATCHER_RECHECK_MS',
    min: 1_000,
    max: 24 * HOUR_MS,
    default: String(15 * MINUTE_MS),
    sentence: 'A page that the platform stopped is tried again after this long, with one command.',
  }),
  sessionTimeoutMs: setting.milliseconds({
    env: 'DISPATCHER_SESSION_TIMEOUT_MS',
    min: 1_000,
    max: 5 * MINUTE_MS,
    default: '30000',
    sentence: 'After this long without a sign of life Kafka gives the partitions to others.',
  }),
  startWaitMs: setting.milliseconds({
    env: 'DISPATCHER_START_WAIT_MS',
    min: 0,
    max: 10 * MINUTE_MS,
    default: '30000',
    sentence: 'How long a start waits for MongoDB, Kafka and the registry before it gives up.',
  }),
} as const

export const dispatcherSettings = {
  ...modeSettings,
  ...kafkaSettings,
  ...mongodbSettings,
  ...identitySettings,
  ...apiKeySettings,
  ...metaSettings,
  ...graphSettings,
  ...ledgerSettings,
  ...doorSettings,
  ...callSettings,
  ...doubtSettings,
  ...askingSettings,
  ...notifyingSettings,
  ...campaignSettings,
  ...threadSettings,
  ...pacingSettings,
  ...quietSettings,
  ...laneSettings,
} as const

export type DispatcherValues = Values<typeof dispatcherSettings>

/** What no setting shows by itself. */
export function checkDispatcher(values: DispatcherValues): readonly SettingFault[] {
  const { leaseMs, startTimeoutMs, callTimeoutMs, appendTimeoutMs, settleMs } = values
  const faults = [
    ...unsafeSettings(values),
    ...faultPointFaults(values, dispatcherFaultPoints),
    ...textFaults(values),
    ...notifyingFaults(values),
    ...pacingFaults(values),
    ...quietFaults(values),
  ]
  const callMs = startTimeoutMs + callTimeoutMs
  if (callMs >= leaseMs / 2) {
    faults.push({
      env: 'DISPATCHER_CALL_TIMEOUT_MS',
      got: `a call may take ${callMs} ms with DISPATCHER_START_TIMEOUT_MS`,
      wanted: `less than half of DISPATCHER_LEASE_MS (${leaseMs}): it must end before its lease`,
      example: String(Math.max(100, Math.floor(leaseMs / 2) - startTimeoutMs - 1)),
    })
  }
  if (appendTimeoutMs >= leaseMs / 2) {
    faults.push({
      env: 'DISPATCHER_APPEND_TIMEOUT_MS',
      got: `${appendTimeoutMs} ms`,
      wanted: `less than half of DISPATCHER_LEASE_MS (${leaseMs})`,
      example: String(Math.floor(leaseMs / 4)),
    })
  }
  if (values.mode === 'production' && settleMs < 2 * callTimeoutMs) {
    faults.push({
      env: 'DISPATCHER_SETTLE_MS',
      got: `${settleMs} ms in production mode`,
      wanted: `twice DISPATCHER_CALL_TIMEOUT_MS (${callTimeoutMs}): a late delivery must be over`,
      example: '120000',
    })
  }
  return faults
}

function textFaults(values: DispatcherValues): readonly SettingFault[] {
  const faults: SettingFault[] = []
  const key = parseMasterKeys(values.masterKey.reveal())
  if ('fault' in key) {
    const wanted = 'id:base64 of 32 bytes, several separated by commas'
    faults.push({ env: 'OTN_MASTER_KEY', got: key.fault, wanted, example: 'key-1:…' })
  }
  if (!isGraphVersion(values.graphVersion)) {
    const got = `"${values.graphVersion}"`
    faults.push({ env: 'GRAPH_VERSION', got, wanted: 'a version', example: 'v21.0' })
  }
  if (parseCodePairs(values.tokenUsedCodes) === null) {
    const got = `"${values.tokenUsedCodes}"`
    const wanted = 'code or code/subcode, separated by commas'
    faults.push({ env: 'DISPATCHER_TOKEN_USED_CODES', got, wanted, example: '100/1234567' })
  }
  return faults
}

/** Reads `code` and `code/subcode`, separated by commas; null where a part is neither. */
export function parseCodePairs(text: string | null): readonly CodePair[] | null {
  if (text === null || text.trim() === '') return []
  const pairs = text.split(',').map((part) => CODE_PAIR.exec(part.trim()))
  if (pairs.includes(null)) return null
  return pairs.flatMap((match) => {
    const [, code, subcode] = match ?? []
    return code ? [{ code: Number(code), subcode: subcode ? Number(subcode) : null }] : []
  })
}
