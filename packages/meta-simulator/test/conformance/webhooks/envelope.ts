/** 5.2, the envelope: what stands around the events. */
import { expect } from 'vitest'

import type { Row } from '../row.ts'
import { firstBody, registered, write } from './callback.ts'

const section = '5.2'

export const envelopeRows: readonly Row[] = [
  {
    id: '5.2-envelope',
    section,
    mark: 'D',
    fact: 'a body is {object: "page", entry: [{id, time, messaging: […]}]}, usually of one event',
    case: async (meta) => {
      const callback = await registered(meta)
      await write(meta)
      const body = firstBody(callback)
      expect(Object.keys(body)).toEqual(['object', 'entry'])
      expect([body.object, body.entry.length]).toEqual(['page', 1])
      expect(Object.keys(body.entry[0] ?? {})).toEqual(['id', 'time', 'messaging'])
      expect(body.entry[0]?.messaging).toHaveLength(1)
    },
  },
  {
    id: '5.2-standby',
    section,
    mark: 'D',
    fact: 'events of a thread that the app does not own come in standby[], postbacks without payload',
    options: { webhooks: { weather: { standbyShare: 1 } } },
    case: async (meta) => {
      const { simulator, pageId, psid } = meta
      const callback = await registered(meta)
      const act = { kind: 'postback', title: 'Go', payload: 'p' } as const
      await simulator.act({ pageId, psid, act })
      await simulator.quiet()
      const [entry] = firstBody(callback).entry
      expect(entry).not.toHaveProperty('messaging')
      expect(entry?.standby).toMatchObject([{ postback: { title: 'Go' } }])
      expect(JSON.stringify(entry)).not.toContain('payload')
    },
  },
  {
    id: '5.2-changes',
    section,
    mark: 'D',
    fact: 'fields that are no messaging come in changes[] as {field, value}',
    case: async ({ simulator, pageId, ...meta }) => {
      const callback = await registered({ simulator, pageId, ...meta })
      const event = { kind: 'change', field: 'feed', value: { item: 'post' } } as const
      await simulator.happen({ pageId, event })
      await simulator.quiet()
      const [entry] = firstBody(callback).entry
      expect(entry?.changes).toEqual([{ field: 'feed', value: { item: 'post' } }])
      expect(entry).not.toHaveProperty('messaging')
    },
  },
  {
    id: '5.2-object',
    section,
    mark: 'D',
    fact: 'object is "instagram" for the other product',
    leftOut: 'one-time notifications do not exist there; POST /_sim/batch writes any object',
  },
  {
    id: '5.2-ids',
    section,
    mark: 'O',
    fact: 'ids are strings',
    case: async (meta) => {
      const callback = await registered(meta)
      await write(meta)
      const { pageId, psid } = meta
      const [item] = firstBody(callback).entry[0]?.messaging ?? []
      expect(item).toMatchObject({ sender: { id: psid }, recipient: { id: pageId } })
    },
  },
  {
    id: '5.2-numeric-ids',
    section,
    mark: 'O',
    fact: 'in old events ids are numbers, longer than a double holds',
    options: { webhooks: { weather: { numericIdShare: 1 } } },
    case: async (meta) => {
      const { posts } = await registered(meta)
      await write(meta)
      expect(posts[0]?.body.toString()).toContain(`"sender":{"id":${meta.psid}}`)
    },
  },
  {
    id: '5.2-milliseconds',
    section,
    mark: 'O',
    fact: 'time and timestamp are milliseconds',
    case: async (meta) => {
      const callback = await registered(meta)
      await write(meta)
      const [entry] = firstBody(callback).entry
      const nowMs = meta.simulator.nowMs()
      expect([entry?.time, entry?.messaging?.[0]?.timestamp]).toEqual([nowMs, nowMs])
    },
  },
  {
    id: '5.2-seconds',
    section,
    mark: 'O',
    fact: 'some referrals carry seconds',
    options: { webhooks: { weather: { secondsShare: 1 } } },
    case: async (meta) => {
      const { simulator, pageId, psid } = meta
      const callback = await registered(meta)
      await simulator.act({ pageId, psid, act: { kind: 'referral', referral: { ref: 'r' } } })
      await simulator.quiet()
      const [item] = firstBody(callback).entry[0]?.messaging ?? []
      expect(item?.timestamp).toBe(Math.floor(simulator.nowMs() / 1_000))
    },
  },
  {
    id: '5.2-foreign-recipient',
    section,
    mark: 'O',
    fact: 'recipient.id may be another page than that of the entry',
    options: { webhooks: { weather: { foreignRecipientShare: 1 } } },
    case: async (meta) => {
      const callback = await registered(meta)
      await write(meta)
      const [entry] = firstBody(callback).entry
      expect(entry?.id).toBe(meta.pageId)
      expect(entry?.messaging?.[0]?.recipient).not.toEqual({ id: meta.pageId })
    },
  },
]
