/** What the auditor finds of a cell at rest: in its log, against Meta's hidden truth, rebuilt. */
import {
  compareTruth,
  countCommands,
  type Finding,
  findings,
  type HiddenTruth,
  isInDoubt,
} from '@otn/auditor'
import { COMMANDS } from '@otn/dispatcher/decisions'
import { waitFor } from '@otn/engines'
import { pageId, Secret } from '@otn/kernel'
import { pepperKey } from '@otn/runtime'
import { createIdentity } from '@otn/vault'
import { MongoClient } from 'mongodb'
import { callApi } from './call-api.ts'
import type { Cell } from './cell.ts'
import { hasReached } from './has-reached.ts'
import { limitsFor } from './limits.ts'
import { dispatcherPositions } from './readers.ts'
import { LATER_MS, untilAllReady } from './rest.ts'
import { differences, snapshotOf } from './store-diff.ts'

const EQUAL_MS = 60_000
const QUESTION = '"template_type":"one_time_notif_req"'
const METADATA = /^otn1\.\d+\.(.+)\.\d+\.[^.]+$/

export function auditOf(cell: Cell): readonly Finding[] {
  const { state } = cell.log
  const found = findings(state, Date.now() + LATER_MS, limitsFor(cell.ground.replicationFactor))
  // A doubt that stands is a verdict, not a fault: it has a column of its own.
  const faults = found.filter(({ code }) => code !== 'doubt-stands')
  return [...faults, ...compareTruth(state, truthOf(cell))]
}

export function commandsOf({ log }: Cell): { readonly total: number; readonly inDoubt: number } {
  const { total, inDoubt } = countCommands(log.state)
  return { total, inDoubt }
}

/** Why commands stand in doubt, each reason with its Graph code and how often. */
export function doubtsOf({ log }: Cell): readonly string[] {
  const commands = [...log.state.commands.values()].filter(isInDoubt)
  const reasons = commands.map(({ facts }) => {
    const last = facts.filter(({ kind }) => kind === 'in-doubt').at(-1)
    const code = last?.graphCode ?? null
    return `${last?.reason ?? 'no reason'}${code === null ? '' : ` (${code})`}`
  })
  const counted = Map.groupBy(reasons, (reason) => reason)
  return [...counted].map(([reason, all]) => `${all.length} × ${reason}`)
}

/** Everything that really arrived, and everybody who tapped: each webhook was answered 200. */
function truthOf({ meta, deployment, traffic }: Cell): HiddenTruth {
  const identity = createIdentity(pepperKey(new Secret(deployment.personPepper)))
  const idOf = (page: string, token: string) => identity.token(pageId(page), token)
  const { deliveries } = meta.truth()
  return {
    deliveries: deliveries.map(({ mid, pageId: page, token, message, atMs }) => ({
      ...{ mid, pageId: page, atMs },
      commandId: METADATA.exec(String(message.metadata ?? ''))?.[1] ?? null,
      tokenId: token === null ? null : idOf(page, token),
      isRequest: JSON.stringify(message.attachment ?? null).includes(QUESTION),
    })),
    answeredOptIns: traffic.consents.map(({ page, token }) => {
      return { pageId: page, tokenId: idOf(page, token) }
    }),
  }
}

export interface Rebuilt {
  /** Documents that came back otherwise, where a digest did; empty = equal. */
  readonly unequal: readonly string[]
  /** Calls of the Send API that the rebuild made; none is right. */
  readonly calls: number
}

/**
 * G6: MongoDB emptied under running services comes back equal, from the log alone, and nothing is
 * sent again. The services notice by themselves.
 */
export async function rebuild(cell: Cell): Promise<Rebuilt> {
  const callsBefore = cell.meta.truth({ limit: 1 }).callCount
  const before = await digests(cell)
  const stored = await snapshotOf(cell.ground.engines.mongodbUri, databasesOf(cell))
  await dropAndRefold(cell)
  await untilCommandsRead(cell)
  const isEqual = await untilEqual(cell, before, EQUAL_MS).then(
    () => true,
    () => false,
  )
  const calls = cell.meta.truth({ limit: 1 }).callCount - callsBefore
  if (isEqual) return { unequal: [], calls }
  const now = await digests(cell)
  const sides = [
    ...(now.ledger === before.ledger ? [] : ['the ledger']),
    ...(now.dispatcher === before.dispatcher ? [] : ['the claims']),
  ]
  const rebuilt = await snapshotOf(cell.ground.engines.mongodbUri, databasesOf(cell))
  return { unequal: [...sides, ...differences(stored, rebuilt)], calls }
}

interface Digests {
  readonly ledger: string
  readonly dispatcher: string
}

/** @throws where a service gives none: two that are missing are not equal */
export async function digests({ services, deployment }: Cell): Promise<Digests> {
  const of = async (url: string) => {
    const { status, body } = await callApi(`${url}/v1/operations/digest`, deployment.apiKey)
    if (status !== 200) throw new Error(`a digest was answered ${status}`)
    return String(body.digest)
  }
  const [ledger, dispatcher] = await Promise.all([
    of(services['token-ledger'].url),
    of(services.dispatcher.url),
  ])
  return { ledger, dispatcher }
}

/** Waits until ledger and claims are what they were. @throws where patience is too short */
export async function untilEqual(cell: Cell, before: Digests, timeoutMs: number): Promise<void> {
  const areEqual = async () => {
    const now = await digests(cell)
    return now.ledger === before.ledger && now.dispatcher === before.dispatcher
  }
  await waitFor(areEqual, { timeoutMs, describe: 'equal digests', intervalMs: 250 })
}

/** Empties MongoDB under running services; resolves when all have folded the log anew. */
export async function dropAndRefold(cell: Cell): Promise<void> {
  const noticed = untilNoticed(cell)
  await dropDatabases(cell)
  await noticed
  await untilAllReady(cell)
}

export async function dropDatabases(cell: Cell): Promise<void> {
  await using client = await MongoClient.connect(cell.ground.engines.mongodbUri)
  for (const name of databasesOf(cell)) await client.db(name).dropDatabase()
}

/**
 * A rebuilt dispatcher is ready before it reads its commands, from their beginning: what it would
 * send again shows only once it has read them all.
 */
export async function untilCommandsRead(cell: Cell): Promise<void> {
  const ends = await cell.log.endsOf(COMMANDS)
  const isRead = async () => hasReached(await dispatcherPositions(cell, ends), ends)
  await waitFor(isRead, { timeoutMs: 60_000, describe: 'the commands to be read again' })
}

function databasesOf({ deployment }: Cell): readonly string[] {
  return ['ledger', 'dispatcher'].map((service) => `${deployment.databasePrefix}_${service}`)
}

/** A store that was emptied ends the processes that relied on it; the next ones rebuild. */
async function untilNoticed({ services, secondDispatcher }: Cell): Promise<void> {
  const relying = [services['token-ledger'], services.dispatcher, secondDispatcher]
  const pids = relying.map((service) => service?.pid ?? null)
  const noticed = async () =>
    relying.every((service, at) => service === null || service.pid !== pids[at])
  await waitFor(noticed, { timeoutMs: 60_000, describe: 'the services to notice an empty store' })
}
