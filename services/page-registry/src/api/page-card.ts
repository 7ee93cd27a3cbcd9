/** A page as people are shown it. */
import { z } from 'zod'
import {
  ONE_TIME_NOTIFICATION,
  stateOf,
  TERMS,
  termsAcceptedAt,
  WHERE_TO_APPLY,
} from '../domain/capability.ts'
import { PAGE_STANDINGS, standingOf } from '../domain/page.ts'
import type { WatchState } from '../domain/watch-state.ts'
import type { StoredPage } from '../ports.ts'

const instant = z.number().int().nullable()

export const listedPageSchema = z.object({
  pageId: z.string(),
  name: z.string().nullable(),
  appId: z.string().nullable(),
  standing: z.enum(PAGE_STANDINGS).describe('Whether it may send; what hinders it most'),
  isFollowed: z.boolean().nullable().describe('As last seen; null = the platform did not say'),
  oneTimeNotification: z.string().describe('State of that capability, as people told it'),
  checkedAt: instant.describe('When the platform was last asked'),
  alarms: z.number().int().describe('Alarms that stand'),
})

export const cardSchema = listedPageSchema
  .omit({ alarms: true, oneTimeNotification: true })
  .extend({
    graphVersion: z.string().nullable().describe("Null = the deployment's"),
    connectedAt: instant,
    tokenKind: z.string().nullable(),
    tokenExpiresAt: instant.describe('Null = without an end, or not known'),
    permissions: z.array(z.string()).describe('What the page token held when it was connected'),
    capabilities: z.array(
      z.object({
        name: z.string(),
        state: z.string(),
        at: z.number().int().describe('When it was told'),
        occurredAt: instant.describe('When it happened at the platform'),
        detail: z.string().nullable().describe('Why, where the platform said so'),
        termsAcceptedAt: instant,
        history: z.array(
          z.object({ state: z.string(), at: z.number().int(), detail: z.string().nullable() }),
        ),
      }),
    ),
    whereToApply: z.string().describe('For One-Time Notification, in the settings of the page'),
    webhook: z.object({
      isAppSubscribed: z.boolean().nullable(),
      missingFields: z.array(z.string()),
      lastGoodAt: instant.describe('When all was last seen as it should be'),
      fault: z.string().nullable(),
    }),
    gaps: z
      .array(z.object({ from: z.number().int(), until: z.number().int() }))
      .describe('Times of which webhooks may be missing, newest first'),
    alarms: z.array(
      z.object({
        alarm: z.string(),
        severity: z.enum(['warning', 'critical']),
        detail: z.string(),
      }),
    ),
  })

type Listed = z.infer<typeof listedPageSchema>
type Card = z.infer<typeof cardSchema>

export function listedPage(stored: StoredPage, watch: WatchState): Listed {
  const { capabilities } = stored.page
  const oneTimeNotification = stateOf(capabilities, ONE_TIME_NOTIFICATION) ?? 'not-requested'
  return { ...headOf(stored, watch), oneTimeNotification, alarms: watch.alarms.length }
}

export function pageCard(stored: StoredPage, watch: WatchState): Card {
  const { connection, capabilities } = stored.page
  const { graphVersion = null, tokenKind = null, tokenExpiresAt = null } = connection?.value ?? {}
  const { isAppSubscribed, missingFields, lastGoodAt, fault } = watch
  return {
    ...headOf(stored, watch),
    ...{ graphVersion, tokenKind, tokenExpiresAt, whereToApply: WHERE_TO_APPLY },
    connectedAt: connection?.value.isConnected ? connection.at : null,
    permissions: [...(connection?.value.permissions ?? [])],
    capabilities: capabilities.filter(({ name }) => name !== TERMS).map(capabilityOf(stored)),
    webhook: { isAppSubscribed, missingFields: [...missingFields], lastGoodAt, fault },
    gaps: watch.gaps
      .map(({ startedAt, endedAt }) => ({ from: startedAt, until: endedAt }))
      .reverse(),
    alarms: watch.alarms.map(({ alarm, severity, detail }) => ({ alarm, severity, detail })),
  }
}

function headOf(stored: StoredPage, { isFollowed, checkedAt }: WatchState) {
  const { name = null, appId = null } = stored.page.connection?.value ?? {}
  const standing = standingOf(stored.page) ?? 'disconnected'
  return { pageId: stored.pageId, name, appId, standing, isFollowed, checkedAt }
}

function capabilityOf({ page }: StoredPage) {
  return ({ name, entries }: StoredPage['page']['capabilities'][number]) => {
    const latest = entries.at(-1)
    return {
      name,
      state: latest?.state ?? 'not-requested',
      at: latest?.at ?? 0,
      occurredAt: latest?.occurredAt ?? null,
      detail: latest?.detail ?? null,
      termsAcceptedAt: name === ONE_TIME_NOTIFICATION ? termsAcceptedAt(page.capabilities) : null,
      history: entries.map(({ state, at, detail }) => ({ state, at, detail })),
    }
  }
}
