import type { OptInReceived } from '@otn/contracts'
import { DAY_MS } from '@otn/kernel'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { expect, test } from 'vitest'
import { codec, decoded, opened, vault } from '../../test/codec.ts'
import { APP_SECRET, appWith, fixture, sha256Header } from '../../test/samples.ts'
import { identity, NOW } from '../../test/surroundings.ts'
import { createAuthenticator } from '../adapters/authenticator-hmac.ts'
import { createJournal } from '../adapters/journal-kafka.ts'
import { createPages } from '../domain/pages.ts'
import { postWebhook } from './post-webhook.ts'
import { takeWebhook } from './take-webhook.ts'

const TIMES = 10_000
const MONTHS_MS = 300 * DAY_MS
const nothing = () => {}

/** No signature has a time in it, so a body that was overheard stays valid for ever. */
test('one valid body replayed 10,000 times over ten months is one fact [S1-46]', async () => {
  const seen = new Map<string, Omit<OptInReceived, 'at' | 'sealed'>>()
  const contents = new Set<string>()
  let nowMs = NOW
  const append = async (records: readonly { readonly value: Buffer | null }[]) => {
    for (const record of records) {
      const value = decoded('OptInReceived', record.value)
      contents.add(JSON.stringify(opened('OptInReceived', value, value.person)))
      const { at, sealed, ...fact } = value
      seen.set(JSON.stringify(fact), fact)
    }
    return []
  }
  const authenticator = createAuthenticator([appWith(APP_SECRET)])
  const take = takeWebhook({
    ...{ digest: authenticator.digest, identity, deadlineMs: 2_500 },
    pages: createPages(compilePattern),
    journal: createJournal({ appender: { append }, codec, vault }),
    tell: { accepted: nothing, notAcknowledged: nothing },
  })
  const tell = { signed: nothing, unauthenticated: nothing }
  const post = postWebhook({ authenticator, clock: { nowMs: () => nowMs }, tell, take })
  const body = fixture('valid/opt-in.json')
  const headers = { 'x-hub-signature-256': sha256Header(body) }
  for (let time = 0; time < TIMES; time += 1) {
    await post({ appId: null, headers, body, elapsedMs: () => 1 })
    nowMs += MONTHS_MS / TIMES
  }
  expect([...seen.values()].map(({ eventId }) => eventId)).toHaveLength(1)
  expect(contents.size).toBe(1)
})
