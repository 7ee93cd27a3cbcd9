import {
  type AllowedTag,
  messageKinds,
  messageTags,
  type NotifySettings,
  routes,
} from '@otn/policy'
import { type SettingFault, setting, type Values } from '@otn/runtime'

const TAG = /^(?:(\d{1,32}):)?([A-Z_]+)$/

/** What the rules of notifications allow here. */
export const notifyingSettings = {
  kindsOff: setting.optionalText({
    env: 'DISPATCHER_KINDS_OFF',
    sentence: `Kinds of message that do not go out, by commas: ${messageKinds.join(', ')}.`,
  }),
  routesOff: setting.optionalText({
    env: 'DISPATCHER_ROUTES_OFF',
    sentence: `Routes by which nothing goes out, by commas: some of ${routes.join(', ')}.`,
  }),
  tags: setting.optionalText({
    env: 'DISPATCHER_TAGS',
    sentence:
      'Message tags that the platform granted, by commas: TAG for all pages, PAGEID:TAG for one.',
  }),
  windowGuard: setting.choice({
    env: 'DISPATCHER_WINDOW_GUARD',
    of: ['refuse', 'flag'],
    default: 'refuse',
    sentence: 'A message by WINDOW after the 24-hour window: refused, or left to the platform.',
  }),
  contentPersonalData: setting.choice({
    env: 'DISPATCHER_CONTENT_PERSONAL_DATA',
    of: ['refuse', 'flag'],
    default: 'flag',
    sentence:
      'A message that looks like personal data or a secret: refused, or told with its call.',
  }),
  contentSensitiveWords: setting.choice({
    env: 'DISPATCHER_CONTENT_SENSITIVE_WORDS',
    of: ['refuse', 'flag'],
    default: 'flag',
    sentence: 'The same for words of health, money and legal standing, in English and Japanese.',
  }),
} as const

type NotifyingValues = Values<typeof notifyingSettings>

export function notifySettings(values: NotifyingValues): NotifySettings {
  const { kindsOff, routesOff, tags, windowGuard } = values
  return {
    kindsOff: namesIn(kindsOff, messageKinds) ?? [],
    routesOff: namesIn(routesOff, routes) ?? [],
    tags: parseTags(tags) ?? [],
    windowGuard,
    personalData: values.contentPersonalData,
    sensitiveWords: values.contentSensitiveWords,
  }
}

/** What no setting shows by itself. */
export function notifyingFaults({ kindsOff, routesOff, tags }: NotifyingValues) {
  const known = [...messageTags.keys()].join(', ')
  const rows = [
    [kindsOff, namesIn(kindsOff, messageKinds), messageKinds.join(', '), 'audio,video'],
    [routesOff, namesIn(routesOff, routes), routes.join(', '), 'TAG'],
    [tags, parseTags(tags), `${known}; PAGEID: before it for one page`, 'HUMAN_AGENT'],
  ] as const
  const names = ['DISPATCHER_KINDS_OFF', 'DISPATCHER_ROUTES_OFF', 'DISPATCHER_TAGS']
  return rows.flatMap(([text, parsed, wanted, example], index): SettingFault[] => {
    if (parsed !== null) return []
    const env = names[index] ?? ''
    return [{ env, got: `"${text}"`, wanted: `some of ${wanted}, separated by commas`, example }]
  })
}

/** Names out of a list, separated by commas; null where one is none. */
function namesIn<Name extends string>(
  text: string | null,
  list: readonly Name[],
): readonly Name[] | null {
  const parts = partsOf(text)
  const names = list.filter((name) => parts.includes(name))
  return parts.every((part) => names.some((name) => name === part)) ? names : null
}

function parseTags(text: string | null): readonly AllowedTag[] | null {
  const parts = partsOf(text).map((part) => TAG.exec(part))
  const tags = parts.map((match) => ({ pageId: match?.[1] ?? null, tag: match?.[2] ?? '' }))
  return tags.every(({ tag }) => messageTags.has(tag)) ? tags : null
}

function partsOf(text: string | null): readonly string[] {
  const parts = (text ?? '').split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '')
}
