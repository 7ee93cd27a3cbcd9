import { HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { setting } from '@otn/runtime'

/** How strict and how generous the rules of opt-in requests are here. */
export const askingSettings = {
  personalData: setting.choice({
    env: 'DISPATCHER_ASK_PERSONAL_DATA',
    of: ['refuse', 'flag'],
    default: 'refuse',
    sentence:
      'What is done with a question that looks like personal data or a secret: refused, or told.',
  }),
  sensitiveWords: setting.choice({
    env: 'DISPATCHER_ASK_SENSITIVE_WORDS',
    of: ['refuse', 'flag'],
    default: 'refuse',
    sentence: 'The same for words of health, money and legal standing, in English and Japanese.',
  }),
  chainConsent: setting.choice({
    env: 'DISPATCHER_ASK_BY_TOKEN',
    of: ['refuse', 'flag'],
    default: 'flag',
    sentence: 'Whether a token may pay for another question: refused, or advised against.',
  }),
  askPersonMax: setting.integer({
    env: 'DISPATCHER_ASK_PERSON_MAX',
    min: 1,
    max: 100,
    unit: 'questions',
    default: '3',
    sentence: 'Questions to one person of a page within DISPATCHER_ASK_PERIOD_MS.',
  }),
  askPageMax: setting.integer({
    env: 'DISPATCHER_ASK_PAGE_MAX',
    min: 1,
    max: 1_000_000,
    unit: 'questions',
    default: '10000',
    sentence:
      'Questions of one page within DISPATCHER_ASK_PERIOD_MS; what is under way may exceed.',
  }),
  askPeriodMs: setting.milliseconds({
    env: 'DISPATCHER_ASK_PERIOD_MS',
    min: MINUTE_MS,
    max: 31 * 24 * HOUR_MS,
    default: String(24 * HOUR_MS),
    sentence: 'Business time over which questions are counted.',
  }),
  askOpenMs: setting.milliseconds({
    env: 'DISPATCHER_ASK_OPEN_MS',
    min: MINUTE_MS,
    max: 366 * 24 * HOUR_MS,
    default: String(7 * 24 * HOUR_MS),
    sentence:
      'How long nobody is asked again what was not answered, or anything in the very same words.',
  }),
} as const
