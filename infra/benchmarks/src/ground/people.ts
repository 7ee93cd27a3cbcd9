/** People who agreed, and what is asked for them, as records that are ready to be appended. */
import { randomUUID } from 'node:crypto'
import { type Codec, cloudEventHeaders } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, Secret } from '@otn/kernel'
import { nameTopic, oneTimeConsent } from '@otn/policy'
import { pepperKey } from '@otn/runtime/settings'
import type { Deployment } from '@otn/stack'
import { createIdentity, createVault, parseMasterKeys } from '@otn/vault'
import { TOPIC } from './ground.ts'
import type { ReadyRecord } from './ready-records.ts'

export interface Person {
  readonly page: string
  readonly psid: string
  readonly token: string
}

/** How often people were made here: nobody comes twice. */
let made = 0

/** New people, on these pages in turn. */
export function newPeople(count: number, pages: readonly string[]): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    made += 1
    const digits = String(made).padStart(16, '0')
    return { page: pages[index % pages.length] ?? '', psid: `2${digits}`, token: `44${digits}` }
  })
}

/** Says that each of them tapped, as the ingress says it. */
export function grantsOf(
  { personPepper, masterKey }: Pick<Deployment, 'personPepper' | 'masterKey'>,
  codec: Codec,
): (people: readonly Person[]) => readonly ReadyRecord[] {
  const identity = createIdentity(pepperKey(new Secret(personPepper)))
  const parsed = parseMasterKeys(masterKey)
  if ('fault' in parsed) throw new Error(parsed.fault)
  const vault = createVault(parsed.keys)
  return (people) => {
    const nowMs = Date.now()
    const around = {
      ...{ identity, nowMs, correlationId: randomUUID().replaceAll('-', '') },
      nameTopic: (_page: unknown, payload: string) => nameTopic(payload, []),
    }
    return people.map(({ page, psid, token }) => {
      const consent = {
        ...{ page: pageId(page), psid: pageScopedUserId(psid), token },
        ...{ payload: `otn1:${TOPIC}:`, grantedAt: nowMs, origin: 'webhook' as const },
      }
      const { key, value, content } = oneTimeConsent(consent, around)
      const { eventId, type } = value
      const sealed = vault.seal(content, { record: 'OptInReceived', eventId, owner: key })
      const headers = { ...cloudEventHeaders({ id: eventId, source: '/otn/ingress', type }) }
      return { key, headers, value: codec.encode('OptInReceived', { ...value, ...sealed }) }
    })
  }
}

/** Asks for one message to each. */
export function notifiesFor(people: readonly Person[], codec: Codec): readonly ReadyRecord[] {
  return people.map(({ page, psid }) => {
    const id = commandId(randomUUID())
    const to = { pageId: pageId(page), psid: pageScopedUserId(psid), topic: TOPIC }
    const value = codec.encode('Notify', { commandId: id, ...to, text: 'The blue jacket is back.' })
    return { key: `${page}:${id}`, value, headers: {} }
  })
}
