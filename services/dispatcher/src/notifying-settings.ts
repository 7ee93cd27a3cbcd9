import { type MessageKind, messageKinds, type NotifySettings } from '@otn/policy'
import { setting, type Values } from '@otn/runtime'

/** What the rules of notifications allow here. */
export const notifyingSettings = {
  kindsOff: setting.optionalText({
    env: 'DISPATCHER_KINDS_OFF',
    sentence: `Kinds of message that do not go out, by commas: ${messageKinds.join(', ')}.`,
  }),
} as const

export function notifySettings({ kindsOff }: Values<typeof notifyingSettings>): NotifySettings {
  return { kindsOff: parseKinds(kindsOff) ?? [] }
}

/** Kinds by their names, separated by commas; null where one is none. */
export function parseKinds(text: string | null): readonly MessageKind[] | null {
  const names = partsOf(text)
  const kinds = messageKinds.filter((kind) => names.includes(kind))
  return names.every((name) => kinds.some((kind) => kind === name)) ? kinds : null
}

function partsOf(text: string | null): readonly string[] {
  const parts = (text ?? '').split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '')
}
