/** One JSON document for whoever helps: how everything stands, without a secret or a person. */
import { metaSettings, type Setting } from '@otn/runtime/settings'
import {
  dispatcherSettings,
  ingressHealthSettings,
  ledgerSettings,
  logSettings,
  pagesSettings,
  safetySettings,
  sealingSettings,
} from '../cli-settings.ts'
import type { Context } from '../context.ts'
import { checks } from '../doctor/checks.ts'
import type { Place } from '../doctor/place.ts'
import { runChecks } from '../doctor/run-checks.ts'
import { mongodbSettings, platformSettings } from '../doctor/settings.ts'
import type { Shell } from '../shell.ts'
import { alarmsOf } from './alarms.ts'
import { dispatcherLag, kafkaTopicSizes, ledgerLag } from './positions.ts'
import { keptByReason, recentFailures, webhookErrors } from './recent-errors.ts'
import { scrubbed } from './scrub.ts'
import { section } from './section.ts'
import { givenSecrets, type SettingsInput, settingsView } from './settings-view.ts'
import { versions } from './versions.ts'

/** Of one check of the doctor. */
const LIMIT_MS = 15_000
const FORMAT = 1

export const SECTIONS = [
  ...['versions', 'settings', 'doctor', 'kafkaTopics', 'ledgerLag', 'dispatcherLag'],
  ...['webhooks', 'quarantined', 'parked', 'failures', 'alarms'],
] as const

export type Bundle = Readonly<Record<string, unknown>>

/** Reads everything it can; what cannot be read says why in its place. Never throws. */
export async function supportBundle(
  place: Place,
  { context, shell }: { readonly context: Context; readonly shell: Shell },
): Promise<Bundle> {
  const input = settingsInput(context, shell)
  const parts = {
    versions: section(() => versions(place)),
    settings: section(() => settingsView(input)),
    doctor: runChecks(checks, { place, limitMs: LIMIT_MS }),
    kafkaTopics: section(() => kafkaTopicSizes(place)),
    ledgerLag: section(() => ledgerLag(place)),
    dispatcherLag: section(() => dispatcherLag(place)),
    webhooks: section(() => webhookErrors(place)),
    quarantined: section(() => keptByReason(place, 'quarantine')),
    parked: section(() => keptByReason(place, 'parked')),
    failures: section(() => recentFailures(place)),
    alarms: section(() => alarmsOf(place)),
  } satisfies Record<(typeof SECTIONS)[number], unknown>
  const read = await Promise.all(
    Object.entries(parts).map(async ([name, part]) => [name, await part] as const),
  )
  const head = { kind: 'otn-support-bundle', format: FORMAT, at: shell.nowMs() }
  const bundle = { ...head, ...Object.fromEntries(read) }
  return { ...Object(scrubbed(bundle, givenSecrets(input))) }
}

function settingsInput(context: Context, { env }: Shell): SettingsInput {
  const groups: readonly Readonly<Record<string, Setting<unknown>>>[] = [
    ...[safetySettings, logSettings, sealingSettings, mongodbSettings, platformSettings],
    ...[metaSettings, ledgerSettings, dispatcherSettings, pagesSettings, ingressHealthSettings],
  ]
  const declared = groups.flatMap((group) => Object.values(group))
  return { declared, given: (setting) => context.given(setting), env }
}
