import { HOUR_MS, MINUTE_MS, type PageId, SECOND_MS } from '@otn/kernel'
import { type SettingFault, setting, type Values } from '@otn/runtime'

/** How fast a page calls, and how long it waits when it is asked to. */
export const pacingSettings = {
  textPerSecond: setting.integer({
    env: 'DISPATCHER_PACE_TEXT',
    min: 1,
    max: 10_000,
    unit: 'calls a second',
    default: '300',
    sentence: 'Calls of one page with text, links or pictures; what the platform takes at most.',
  }),
  mediaPerSecond: setting.integer({
    env: 'DISPATCHER_PACE_MEDIA',
    min: 1,
    max: 10_000,
    unit: 'calls a second',
    default: '10',
    sentence: 'The same with audio or video.',
  }),
  engagedUsers: setting.optionalText({
    env: 'DISPATCHER_ENGAGED_USERS',
    sentence:
      'People that a page can message, by commas: 5000 for all pages, PAGEID=5000 for one. ' +
      '200 calls for each in 24 hours go out; without, the headers of the platform alone decide.',
  }),
  pauseMsMax: setting.milliseconds({
    env: 'DISPATCHER_PAUSE_MS_MAX',
    min: SECOND_MS,
    max: 24 * HOUR_MS,
    default: String(HOUR_MS),
    sentence: 'Longest pause of a page that is asked for fewer calls and not told until when.',
  }),
  shareLeaseMs: setting.milliseconds({
    env: 'DISPATCHER_SHARE_LEASE_MS',
    min: 3 * SECOND_MS,
    max: MINUTE_MS,
    default: String(10 * SECOND_MS),
    sentence: 'How long the share that a dispatcher has of a page holds without being renewed.',
  }),
} as const

type PacingValues = Values<typeof pacingSettings>

const ENTRY = /^(?:(\d{1,32})=)?(\d{1,9})$/
/** Messenger Platform, "Rate Limits": calls in 24 hours for each engaged user. */
const CALLS_PER_ENGAGED_USER = 200

/** Calls of a page in 24 hours; null = nobody said how many people it can message. */
export function dayBudgetOf({ engagedUsers }: PacingValues): (page: PageId) => number | null {
  const users = parse(engagedUsers) ?? new Map<string | null, number>()
  return (page) => {
    const engaged = users.get(page) ?? users.get(null)
    return engaged === undefined ? null : engaged * CALLS_PER_ENGAGED_USER
  }
}

/** What no setting shows by itself. */
export function pacingFaults({ engagedUsers }: PacingValues): readonly SettingFault[] {
  if (parse(engagedUsers) !== null) return []
  const wanted = 'a number above 0, PAGEID= before it for one page; each page once, by commas'
  const got = `"${engagedUsers}"`
  return [{ env: 'DISPATCHER_ENGAGED_USERS', got, wanted, example: '5000' }]
}

function parse(text: string | null): ReadonlyMap<string | null, number> | null {
  const parts = (text ?? '').split(',').map((part) => part.trim())
  const users = new Map<string | null, number>()
  for (const part of parts.filter((entry) => entry !== '')) {
    const [, page = null, number = '0'] = ENTRY.exec(part) ?? []
    if (Number(number) === 0 || users.has(page)) return null
    users.set(page, Number(number))
  }
  return users
}
