import type { Switches } from './domain/switches.ts'
import type { WebhookWeather } from './domain/webhook-weather.ts'
import type { LimitRules } from './limits/limit-rules.ts'
import type { KnowledgeOptions } from './page/knowledge-source.ts'
import { type RetryProfile, retryProfiles } from './webhooks/retry-profile.ts'

/** What the pretend world is made of; every part has a default. */
export interface SimulatorOptions {
  /** Equal seeds and equal calls give equal ids. Random when absent. */
  readonly seed?: string
  readonly host?: string
  /** Port of the Graph side; 0 = any free one. */
  readonly graphPort?: number
  /** Port of the control side; 0 = any free one. */
  readonly port?: number
  /** Digits that a double can hold, for echoes carry it as a number. */
  readonly appId?: string
  readonly appSecret?: string
  /** The app secret before the present one. */
  readonly formerAppSecret?: string
  readonly verifyToken?: string
  readonly pages?: readonly { readonly pageId: string; readonly name: string }[]
  /** Names of the people that each page knows from the start. */
  readonly people?: readonly string[]
  readonly switches?: Partial<Switches>
  /** Rate limits; none when absent. What is left out has its default. */
  readonly limits?: Partial<LimitRules>
  readonly clock?: { readonly startAtMs?: number; readonly running?: boolean }
  readonly webhooks?: WebhookOptions
  /** A file that keeps the world over restarts; nothing is kept when absent. */
  readonly journalFile?: string
  /** Where the page asks what ledger and dispatcher know; it shows the truth alone when absent. */
  readonly knowledge?: KnowledgeOptions
}

export interface WebhookOptions {
  /** Registered at once when given; it must answer the handshake by then. */
  readonly callbackUrl?: string
  readonly retry?: keyof typeof retryProfiles | RetryProfile
  /** Whose time passes between repeats. Default the simulator's, so that a jump shortens them. */
  readonly retryTime?: 'simulator' | 'machine'
  readonly concurrency?: number
  readonly eventsPerPostMax?: number
  /** What goes wrong on the way from the start on; it can be changed at any time. */
  readonly weather?: Partial<WebhookWeather>
  readonly answerTimeoutMs?: number
}

export const defaultPages = [
  { pageId: '104850000000001', name: 'Blue Jacket Shop' },
  { pageId: '104850000000002', name: '青い上着の店' },
  { pageId: '104850000000003', name: 'Café Zürich & Söhne' },
] as const

export const defaultPeople = ['Ada', 'Bo', 'Chen'] as const

export const defaultApp = {
  appId: '1517776481860111',
  appSecret: 'simulated-app-secret',
  verifyToken: 'simulated-verify-token',
} as const

export const defaultWebhooks = {
  retry: 'messenger',
  retryTime: 'simulator',
  concurrency: 16,
  eventsPerPostMax: 1,
  /** "within 5 s" of the current webhooks page; the FAQ of the platform says 20 s. */
  answerTimeoutMs: 5_000,
} as const

/** A profile by its name, or as it was given. */
export function retryProfileOf(retry: keyof typeof retryProfiles | RetryProfile): RetryProfile {
  return typeof retry === 'string' ? retryProfiles[retry] : retry
}
