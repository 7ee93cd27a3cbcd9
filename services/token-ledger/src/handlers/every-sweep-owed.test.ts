import type { TokenEvent } from '@otn/contracts'
import { appError, DAY_MS, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { consentWithdrawn, identity, optIn, tokenIdOf } from '../../test/facts.ts'
import { createFakeStore } from '../../test/fake-store.ts'
import { expiresAt } from '../domain/expiry.ts'
import { type TokenDocument, tokenView } from '../domain/token.ts'
import type { Served } from '../ports.ts'
import { foldDocuments } from '../projection/fold-documents.ts'
import { everySweepOwed } from './every-sweep-owed.ts'
import { onOptInReceived } from './on-opt-in-received.ts'
import { onTokenEvent } from './on-token-event.ts'

const marginMs = DAY_MS
const grantedAt = Date.UTC(2026, 0, 1)
const end = expiresAt(grantedAt, { marginMs })
const one = { psid: '11', token: 't1', topic: 'restock-1', grantedAt, at: grantedAt }

/** Ledgers on one store and one log; each sweep is told whether its fold came up in time. */
async function ledgers() {
  const store = createFakeStore()
  const { model } = await store.now()
  await foldDocuments(model, [onOptInReceived(optIn(one).value)])
  const log: TokenEvent[] = []
  const state = { nowMs: grantedAt, isFolding: true, isHeld: true, isLost: false, folded: 0 }
  const listed = () => {
    const token = store.document('tokens', tokenIdOf('t1')) as TokenDocument
    const [view, { consent }] = [tokenView(token), token]
    if (view === null || consent === null) return []
    return [{ tokenId: tokenId(tokenIdOf('t1')), view, consent }]
  }
  const queries = {
    owedNotice: async () => listed().filter(({ view }) => view.state === 'live'),
    owedWithdrawal: async () => listed().filter(({ view }) => view.isWithdrawalOwed),
  }
  const fold = async () => {
    await foldDocuments(model, log.slice(state.folded).map(onTokenEvent))
    state.folded = log.length
  }
  const sweep = everySweepOwed({
    served: { ask: (question) => question({ queries } as unknown as Served) },
    lease: { hold: async () => state.isHeld, release: async () => {} },
    facts: {
      tell: async (facts) => {
        log.push(...facts)
        if (state.isLost) throw appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'lost' })
      },
    },
    identity,
    calendar: () => ({ nowMs: state.nowMs, marginMs }),
    caughtUp: async () => {
      if (state.isFolding) await fold()
      return state.isFolding
    },
    machineMs: () => 0,
    tell: { told: () => {}, sweepFailed: (error) => expect.unreachable(String(error)) },
  })
  const untilDone = async () => {
    for (let turn = 0; (await sweep()) === 'more'; turn += 1) expect(turn).toBeLessThan(9)
  }
  const types = () => log.map(({ type, daysLeft }) => `${type} ${daysLeft ?? ''}`.trim())
  return { model, log, state, sweep, untilDone, types }
}

const ALL = ['TokenExpiring 30', 'TokenExpiring 7', 'TokenExpiring 1', 'TokenExpired']

describe('a sweep', () => {
  test('tells 30, 7 and 1 days before, and that it has expired, each once [S0-05, S1-26]', async () => {
    const { state, log, untilDone, types } = await ledgers()
    for (const [index, days] of [30, 7, 1, 0].entries()) {
      state.nowMs = end - days * DAY_MS - 1
      await untilDone()
      expect(types()).toEqual(ALL.slice(0, index))
      state.nowMs += 1
      await untilDone()
      await untilDone()
      expect(types()).toEqual(ALL.slice(0, index + 1))
    }
    expect(log.every(({ expiresAt: told }) => told === end)).toBe(true)
  })

  test('tells each of them though nobody looked for a year', async () => {
    const { state, untilDone, types } = await ledgers()
    state.nowMs = end + 365 * DAY_MS
    await untilDone()
    expect(types()).toEqual(ALL)
  })

  test('whose answer was lost tells again under the same id, unless it is folded', async () => {
    const { state, log, sweep, untilDone } = await ledgers()
    state.nowMs = end - 30 * DAY_MS
    state.isLost = true
    expect(await sweep()).toBe('done')
    state.isLost = false
    await untilDone()
    expect(log).toHaveLength(1)
  })

  test('tells nothing while the fold is behind, or while another ledger has the lease', async () => {
    const { state, log, sweep } = await ledgers()
    state.nowMs = end
    state.isHeld = false
    expect(await sweep()).toBe('done')
    Object.assign(state, { isHeld: true, isFolding: false })
    expect(await sweep()).toBe('done')
    expect(log).toEqual([])
  })

  test('tells of each token that a withdrawal covers, once, and then of no expiry', async () => {
    const { state, log, model, untilDone } = await ledgers()
    const { value } = consentWithdrawn({ psid: '11' }, grantedAt)
    await foldDocuments(model, [onTokenEvent(value)])
    await untilDone()
    state.nowMs = end
    await untilDone()
    const about = { tokenId: tokenIdOf('t1'), reason: 'token-withdrawn', topic: 'restock-1' }
    expect(log).toMatchObject([{ type: 'TokenWithdrawn', ...about }])
    expect(log[0]?.eventId).toBe(identity.event('TokenWithdrawn', value.pageId, [tokenIdOf('t1')]))
  })
})
