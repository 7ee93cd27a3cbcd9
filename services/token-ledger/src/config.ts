import { DAY_MS } from '@otn/kernel'
import {
  apiKeySettings,
  faultPointFaults,
  identitySettings,
  kafkaSettings,
  modeSettings,
  mongodbSettings,
  type SettingFault,
  setting,
  unsafeSettings,
  type Values,
} from '@otn/runtime'
import { parseMasterKeys } from '@otn/vault'
import { ledgerFaultPoints } from './fault-points.ts'

/** Every setting of the token-ledger. */
export const ledgerSettings = {
  ...modeSettings,
  ...kafkaSettings,
  ...mongodbSettings,
  ...identitySettings,
  ...apiKeySettings,
  host: setting.text({
    env: 'LEDGER_HOST',
    default: '127.0.0.1',
    sentence: 'Address the query API listens on.',
  }),
  port: setting.integer({
    env: 'LEDGER_PORT',
    min: 0,
    max: 65_535,
    default: '0',
    sentence: 'Port the query API listens on; 0 takes a free one.',
  }),
  expiryMarginMs: setting.milliseconds({
    env: 'LEDGER_EXPIRY_MARGIN_MS',
    min: 0,
    max: 30 * DAY_MS,
    default: String(DAY_MS),
    sentence: 'How long before the end of its year at Meta a token counts as expired.',
  }),
  tapOpensWindow: setting.flag({
    env: 'LEDGER_TAP_OPENS_WINDOW',
    default: 'false',
    sentence: 'Whether the tap on Notify Me opens the 24-hour window.',
  }),
  fetchBytesMax: setting.integer({
    env: 'LEDGER_FETCH_BYTES_MAX',
    min: 64 * 1024,
    max: 256 * 1024,
    unit: 'bytes',
    default: String(256 * 1024),
    sentence: 'Most bytes of one partition that are folded at once.',
  }),
  concurrency: setting.integer({
    env: 'LEDGER_CONCURRENCY',
    min: 1,
    max: 32,
    unit: 'partitions',
    default: '4',
    sentence: 'Partitions folded at the same time.',
  }),
  storeTimeoutMs: setting.milliseconds({
    env: 'LEDGER_STORE_TIMEOUT_MS',
    min: 500,
    max: 60_000,
    default: '5000',
    sentence: 'How long MongoDB may take to answer before the ledger counts it as away.',
  }),
  startWaitMs: setting.milliseconds({
    env: 'LEDGER_START_WAIT_MS',
    min: 0,
    max: 600_000,
    default: '60000',
    sentence: 'How long a start waits for Kafka and MongoDB, answering 503, before it gives up.',
  }),
  sessionTimeoutMs: setting.milliseconds({
    env: 'LEDGER_SESSION_TIMEOUT_MS',
    min: 1_000,
    max: 300_000,
    default: '30000',
    sentence: 'After this long without a sign of life Kafka gives the partitions to others.',
  }),
  sweepMs: setting.milliseconds({
    env: 'LEDGER_SWEEP_MS',
    min: 100,
    max: 3_600_000,
    default: '1000',
    sentence: 'How often the ledger looks for tokens whose withdrawal or expiry is to be told.',
  }),
  candidateTokensMax: setting.integer({
    env: 'LEDGER_CANDIDATE_TOKENS_MAX',
    min: 1,
    max: 1000,
    unit: 'tokens',
    default: '100',
    sentence: 'Most tokens named per item of a candidates answer, spendable ones first.',
  }),
} as const

export type LedgerValues = Values<typeof ledgerSettings>

/** What no setting shows by itself. */
export function checkLedger(values: LedgerValues): readonly SettingFault[] {
  const parsed = parseMasterKeys(values.masterKey.reveal())
  const masterKey = {
    env: 'OTN_MASTER_KEY',
    wanted: 'id:base64 of 32 bytes, several separated by commas',
    example: 'key-1:…',
  }
  return [
    ...unsafeSettings(values),
    ...faultPointFaults(values, ledgerFaultPoints),
    ...('fault' in parsed ? [{ ...masterKey, got: parsed.fault }] : []),
  ]
}
