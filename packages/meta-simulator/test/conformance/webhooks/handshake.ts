/** 5.1: how a callback is verified. */
import { expect } from 'vitest'

import type { Row } from '../row.ts'
import { registered } from './callback.ts'

const section = '5.1'

export const handshakeRows: readonly Row[] = [
  {
    id: '5.1-query',
    section,
    mark: 'D',
    fact: 'the callback is asked by GET with hub.mode=subscribe, hub.challenge and hub.verify_token',
    case: async (meta) => {
      const { handshakes } = await registered(meta)
      const query = handshakes[0]?.searchParams
      expect(query?.get('hub.mode')).toBe('subscribe')
      expect(query?.get('hub.challenge')).toMatch(/^\d+$/)
      expect(query?.get('hub.verify_token')).toBe(meta.simulator.verifyToken)
    },
  },
  {
    id: '5.1-raw',
    section,
    mark: 'D',
    fact: 'only 200 with the raw challenge verifies it: no quotes, no JSON [S1-41]',
    case: async ({ simulator, receiver }) => {
      const callback = await receiver()
      for (const answer of ['"1234567890"', '{"challenge":1}', '', 'anything']) {
        callback.echo(answer)
        const callbackUrl = callback.url
        await expect(simulator.registerWebhook({ callbackUrl })).rejects.toThrow(
          /not the challenge/,
        )
      }
      expect(simulator.webhook().callbackUrl).toBeNull()
    },
  },
  {
    id: '5.1-every-save',
    section,
    mark: 'D',
    fact: 'it is sent at every save, with a challenge of its own',
    case: async (meta) => {
      const { handshakes, url } = await registered(meta)
      await meta.simulator.registerWebhook({ callbackUrl: url })
      const challenges = handshakes.map(({ searchParams }) => searchParams.get('hub.challenge'))
      expect([challenges.length, new Set(challenges).size]).toEqual([2, 2])
    },
  },
  {
    id: '5.1-unsigned',
    section,
    mark: 'D',
    fact: 'it is not signed',
    case: async (meta) => {
      const { handshakeHeaders } = await registered(meta)
      expect(Object.keys(handshakeHeaders[0] ?? {})).not.toContain('x-hub-signature-256')
      expect(Object.keys(handshakeHeaders[0] ?? {})).not.toContain('x-hub-signature')
    },
  },
  {
    id: '5.1-subscriptions',
    section,
    mark: 'D',
    fact: 'it is sent synchronously during POST /{APP_ID}/subscriptions',
    leftOut: 'the set-up calls of section 6 show it',
  },
  {
    id: '5.1-tls',
    section,
    mark: 'D',
    fact: 'the callback needs a publicly trusted certificate; a self-signed one is refused',
    leftOut: 'tests have no certificate that the public trusts; plain HTTP on loopback is taken',
  },
]
