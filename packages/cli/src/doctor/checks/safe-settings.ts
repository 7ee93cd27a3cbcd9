import { type SettingFault, unsafeSettings } from '@otn/runtime/settings'
import { logSettings, safetySettings } from '../../cli-settings.ts'
import { defineCheck } from '../check.ts'
import { type Finding, ok, toFix, warn } from '../finding.ts'

const SETTINGS = { ...safetySettings, ...logSettings }
const SAFE_REPLICATION = 3

interface Facts {
  readonly mode: string
  readonly replicationFactor: number
  /** What production must not run with. */
  readonly unsafe: readonly SettingFault[]
}

export const safeSettings = defineCheck<Facts>({
  id: 'settings',
  needs: ['stack-file'],
  settings: { of: SETTINGS, unset: 'fix' },
  read: ({ context }) => {
    const values = context.read(SETTINGS)
    const unsafe = unsafeSettings({ ...values, faultPoints: null })
    return { mode: values.mode, replicationFactor: values.replicationFactor, unsafe }
  },
  judge: judgeSettings,
})

function judgeSettings({ mode, replicationFactor, unsafe }: Facts): readonly Finding[] {
  if (unsafe.length > 0) {
    return unsafe.map(({ env, got, wanted }) =>
      toFix(`${env}: got ${got}`, `set ${env}: ${wanted}`),
    )
  }
  if (replicationFactor >= SAFE_REPLICATION) return [ok(`settings are sound (OTN_MODE ${mode})`)]
  const sentence =
    `OTN_MODE ${mode} with ${replicationFactor} of each Kafka topic: ` +
    'what one machine loses is lost; fit for a trial'
  return [warn(sentence, 'KAFKA_REPLICATION_FACTOR=3 on three brokers, for production')]
}
