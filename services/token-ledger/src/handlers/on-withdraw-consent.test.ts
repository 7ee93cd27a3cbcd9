import type { ConsentWithdrawn, TokenEvent, WithdrawConsent } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { identity, optIn, PAGE, tokenIdOf } from '../../test/facts.ts'
import { createFakeStore } from '../../test/fake-store.ts'
import type { ReadCommand, Unusable } from '../log-ports.ts'
import { foldDocuments } from '../projection/fold-documents.ts'
import { onOptInReceived } from './on-opt-in-received.ts'
import { onTokenEvent } from './on-token-event.ts'
import { onWithdrawConsent } from './on-withdraw-consent.ts'

const psid = pageScopedUserId('11')
const command: WithdrawConsent = { commandId: commandId('w1'), pageId: PAGE, psid }
const raw = { key: null, value: null, headers: {}, timestampMs: 0 }
const read = (value: WithdrawConsent, offset = 0n): ReadCommand => ({
  value,
  source: { position: { topic: 'consent', partition: 0, offset }, record: { ...raw } },
})

async function withdrawing() {
  const store = createFakeStore()
  const { model } = await store.now()
  const [log, parked, clock] = [[] as TokenEvent[], [] as Unusable[], { now: 100 }]
  const handle = onWithdrawConsent({
    facts: { tell: async (facts) => void log.push(...facts) },
    parking: { park: async (messages) => void parked.push(...messages) },
    identity,
    clock: { nowMs: () => clock.now },
    tell: { commandParked: () => {} },
  })
  const fold = () => foldDocuments(model, log.map(onTokenEvent))
  return {
    log,
    parked,
    clock,
    model,
    fold,
    handle: (...reads: ReadCommand[]) => handle(reads, model),
  }
}

const forms = [
  command,
  { ...command, topic: 'a' },
  { ...command, psid: null, topic: 'a' },
  { ...command, psid: null, tokenId: tokenIdOf('t1') },
] as const

describe('withdrawing consent', () => {
  test.each(forms)('tells one fact for a command that comes again and again: %j', async (form) => {
    const { handle, log, clock, fold } = await withdrawing()
    await handle(read(form), read(form, 1n))
    await fold()
    clock.now = 999
    await handle(read(form))
    expect(log).toHaveLength(1)
    expect(log[0]).toMatchObject({ type: 'ConsentWithdrawn', withdrawnAt: 100 })
  })

  test('under an id that was used for something else withdraws that too', async () => {
    const { handle, log, fold } = await withdrawing()
    await handle(read(command))
    await fold()
    await handle(read({ ...command, psid: pageScopedUserId('12') }))
    const told = log as readonly ConsentWithdrawn[]
    expect(new Set(told.map(({ person }) => person)).size).toBe(2)
    expect(new Set(told.map(({ eventId }) => eventId)).size).toBe(2)
  })

  test('parks what leaves open whom it concerns, and carries out its neighbours', async () => {
    const { handle, log, parked } = await withdrawing()
    await handle(read({ ...command, psid: null }), read(command, 1n))
    expect(parked).toMatchObject([
      {
        ...{ reason: 'recipient-missing', position: { offset: 0n } },
        names: { pageId: PAGE, commandId: 'w1' },
      },
    ])
    expect(log).toHaveLength(1)
  })

  test('parks a token of another page; one that nobody knows yet is withdrawn', async () => {
    const { handle, log, parked, model } = await withdrawing()
    await foldDocuments(model, [onOptInReceived(optIn({ psid: '11', token: 't1' }).value)])
    const byToken = { ...command, psid: null, pageId: pageId('1001') }
    await handle(read({ ...byToken, tokenId: tokenIdOf('t1') }))
    await handle(read({ ...byToken, tokenId: tokenIdOf('t2') }))
    expect(parked).toMatchObject([
      { reason: 'token-unknown', detail: expect.stringMatching(/^tokenId: /) },
    ])
    expect(log).toMatchObject([{ tokenId: tokenIdOf('t2') }])
  })
})
