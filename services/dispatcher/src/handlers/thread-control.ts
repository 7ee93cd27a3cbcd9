/**
 * What is done where another app owns the thread. A message by token is a message like any other:
 * no document exempts it, so it waits for the thread as one that names the person does.
 */
import { Secret } from '@otn/kernel'
import type { LedgerAnswer, ProposedToken } from '../domain/choose-token.ts'
import { stateOf } from '../domain/command.ts'
import { awaitThread, patience, type WaitStep } from '../domain/decide.ts'
import { isOwnedElsewhere, wasControlRequested, wasThreadRefused } from '../domain/thread.ts'
import type { Owner } from '../ledger-ports.ts'
import type { DuePorts, ThreadOf } from '../ports.ts'
import { type CallJob, nullIfAway } from './due-steps.ts'

export interface Chosen {
  readonly answer: LedgerAnswer
  /** In the order to try them; null = the call names the person. */
  readonly tokens: readonly (ProposedToken | null)[]
}

/** Why a command that may go otherwise waits for its thread; null = it goes. */
export async function threadStep(
  ports: DuePorts,
  job: CallJob,
  chosen: Chosen,
): Promise<WaitStep | null> {
  const { threads, clock } = ports
  const { document, pinned } = job
  const { command } = document
  const nowMs = clock.nowMs()
  const isElsewhere = isOwnedElsewhere(chosen.answer.thread, threads.settings, nowMs)
  // A probe is a send: it passes every gate of a first attempt.
  if (pinned !== null) return isElsewhere ? patience(document, null) : null
  const isRequested = wasControlRequested(command)
  const mayRequest = threads.settings.policy === 'request-control' && !isRequested
  if (mayRequest && (isElsewhere || wasThreadRefused(command))) {
    const thread = threadOf(ports, job, chosen)
    if (thread !== null && (await threads.request(thread))) {
      return awaitThread(document, { isRequested: true, nowMs })
    }
  }
  return isElsewhere ? awaitThread(document, { isRequested, nowMs }) : null
}

/**
 * A thread that was given to us for this message is given back once it went out. A process that
 * dies in between leaves it with us until the platform takes it back, a day later.
 */
export async function giveThreadBack(ports: DuePorts, job: CallJob, chosen: Chosen): Promise<void> {
  const { threads, commands } = ports
  const { id, command } = job.document
  if (!wasControlRequested(command)) return
  if (chosen.answer.thread?.appId !== threads.settings.appId) return
  const now = await commands.read(id).catch(nullIfAway)
  if (now === null || stateOf(now.command) !== 'sent') return
  const thread = threadOf(ports, job, chosen)
  if (thread !== null) await threads.release(thread)
}

function threadOf(
  { tokens }: DuePorts,
  { content, page: { connection }, document }: CallJob,
  { answer, tokens: [first] }: Chosen,
): ThreadOf | null {
  const person = answer.person ?? document.command.person
  if (connection === null || person === null) return null
  const owner = { pageId: content.pageId, person }
  const psid = psidOf({ tokens, content, answer, first }, owner)
  return psid && { connection, psid }
}

interface Named {
  readonly tokens: DuePorts['tokens']
  readonly content: CallJob['content']
  readonly answer: LedgerAnswer
  readonly first: ProposedToken | null | undefined
}

/** Whom the command names, by id, account or token. */
function psidOf({ tokens, content, answer, first }: Named, owner: Owner): Secret | null {
  if (content.psid) return new Secret(content.psid)
  if (answer.account) return tokens.openAccount(answer.account, owner)
  return first ? tokens.psidOf(first, owner) : null
}
