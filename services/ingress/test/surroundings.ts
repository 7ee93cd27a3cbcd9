/** What a body is translated with in tests: the ids of the published vectors. */
import { createSecretKey } from 'node:crypto'
import { assertNever, parseBody } from '@otn/kernel'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { createIdentity } from '@otn/vault'
import { createPages } from '../src/domain/pages.ts'
import { type Translated, translate } from '../src/domain/translate.ts'
import type { Surroundings } from '../src/domain/webhook-item.ts'

export const NOW = 1_800_000_000_000

export const identity = createIdentity(createSecretKey(Buffer.from('test-pepper')))

export function surroundings(body: Uint8Array, change: Partial<Surroundings> = {}): Surroundings {
  const bodySha256 = identity.digest(Buffer.from(body).toString('latin1'))
  const { nameTopic } = createPages(compilePattern)
  const correlationId = bodySha256.slice(0, 32)
  return { identity, nameTopic, nowMs: NOW, bodySha256, correlationId, ...change }
}

/** Parses and translates a body as a verified webhook is. */
export function translated(
  body: Uint8Array,
  change: Partial<Surroundings> = {},
): readonly Translated[] {
  const bodyBase64 = () => Buffer.from(body).toString('base64')
  return translate({ body: parseBody(body), bodyBase64 }, surroundings(body, change))
}

/** One word for each thing that came of a body, in order. */
export function summary(items: readonly Translated[]): readonly string[] {
  return items.flatMap(({ result }) => {
    switch (result.kind) {
      case 'facts':
        return result.facts.map(({ value }) => value.type)
      case 'quarantined':
        return [`quarantined ${result.reason}`]
      case 'counted':
        return [`counted ${result.as}`]
      default:
        return assertNever(result)
    }
  })
}
