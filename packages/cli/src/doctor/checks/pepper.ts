import type { PageEvent } from '@otn/contracts'
import { pepperKey } from '@otn/runtime/settings'
import { pepperCheck } from '@otn/vault'
import { pepperSettings } from '../../cli-settings.ts'
import { defineCheck } from '../check.ts'
import { type Finding, ok, toFix } from '../finding.ts'

interface Facts {
  /** Check value of OTN_PERSON_PEPPER. */
  readonly ours: string
  readonly pinned: readonly (string | null)[]
}

export const pepper = defineCheck<Facts>({
  id: 'pepper',
  needs: ['schemas', 'kafka-topics'],
  settings: { of: pepperSettings, unset: 'fix' },
  read: async ({ context, pageEvents }) => ({
    ours: pepperCheck(pepperKey(context.read(pepperSettings).personPepper)),
    pinned: pinnedOf(await pageEvents()),
  }),
  judge: judgePepper,
})

function pinnedOf(events: readonly PageEvent[]): readonly (string | null)[] {
  return events.flatMap((event) =>
    event.type === 'DeploymentPinned' ? [event.pepperCheck ?? null] : [],
  )
}

export function judgePepper({ ours, pinned }: Facts): readonly Finding[] {
  const checks = new Set(pinned)
  if (checks.size === 0) {
    const sentence = 'the deployment is bound to no pepper: no page was ever imported'
    return [toFix(sentence, 'pnpm otn pages import pages.json')]
  }
  if (checks.size > 1) {
    const sentence = 'the log is bound to two peppers: two deployments share one KAFKA_TOPIC_PREFIX'
    return [toFix(sentence, 'give each deployment a KAFKA_TOPIC_PREFIX of its own')]
  }
  if (checks.has(ours)) return [ok('OTN_PERSON_PEPPER is the one that the deployment is bound to')]
  const sentence = 'OTN_PERSON_PEPPER is not the pinned one: everybody would be a stranger'
  return [toFix(sentence, 'give the pepper of the first import')]
}
