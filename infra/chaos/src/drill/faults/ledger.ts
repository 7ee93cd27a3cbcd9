/** The token-ledger before and after each of its nine steps. */
import { randomUUID } from 'node:crypto'
import { waitFor } from '@otn/engines'
import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
import { ledgerFaultPoints } from '@otn/token-ledger/decisions'
import type { Random } from '../../simulation/random.ts'
import { callApi } from '../call-api.ts'
import type { Cell } from '../cell.ts'
import type { Exercise } from '../exercise.ts'
import { pointExercises } from './point-table.ts'

/** Twice the lease of a rebuild. */
const LEASE_OVER_MS = 30_000

export function ledgerExercises(random: Random): readonly Exercise[] {
  return pointExercises(
    {
      service: 'token-ledger',
      table: ledgerFaultPoints,
      onlyFirst: ['park', 'tell'],
      provoke: { park: unreadableEngagement, tell: withdrawal, rebuild: rebuildBesideLive },
    },
    random,
  )
}

/** Of the ledger's streams the one on which no promise rests, so the auditor leaves it alone. */
async function unreadableEngagement({ traffic }: Cell): Promise<void> {
  const value = Buffer.from('no Avro')
  await traffic.publish([{ topic: 'engagement', key: 'poison', value, headers: {} }])
}

/** Of somebody who never consented, so that nobody's command is refused for it. */
async function withdrawal({ traffic, log, meta }: Cell): Promise<void> {
  const [page] = meta.pages
  const ids = { commandId: commandId(randomUUID()), pageId: pageId(page?.pageId ?? '') }
  const command = { ...ids, psid: pageScopedUserId('1'), requestedBy: 'drill' }
  const value = log.codec.encode('WithdrawConsent', command)
  await traffic.publish([{ topic: 'consent', key: ids.commandId, value, headers: {} }])
}

/** A year of events folded anew beside the live model, until the two are compared and swapped. */
async function rebuildBesideLive({ services, deployment }: Cell): Promise<void> {
  const ledger = services['token-ledger']
  await ledger.untilReady()
  const ask = () => callApi(`${ledger.url}/v1/operations/rebuild`, deployment.apiKey, 'POST')
  // 409 while the lease of one that was killed lasts, 0 where this one strikes before its answer.
  const isTaken = async () => [0, 202].includes((await ask()).status)
  await waitFor(isTaken, { timeoutMs: LEASE_OVER_MS, describe: 'a rebuild to be taken' })
}
