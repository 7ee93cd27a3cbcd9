/** Where planted bugs sit: at ports of the simulation, never in the services. */
import type {
  Books,
  Commands,
  createLogEnds,
  Facts,
  Ledger,
  Read,
  Sender,
} from '@otn/dispatcher/decisions'
import { messageId } from '@otn/kernel'
import type { Actor } from './actor.ts'
import { storeAway } from './claims-ports.ts'
import { SETTINGS } from './settings.ts'
import { onlyKilled } from './ticker.ts'
import type { Universe } from './universe.ts'

/** Tokens that a flawed dispatcher keeps away from after a call of unknown outcome. */
const avoided = new WeakMap<Universe, Set<string>>()

export function flawedFacts({ flaw, bytes, wire }: Universe, facts: Facts, actor: Actor): Facts {
  if (flaw === '"used" = sent without own unknown attempt') return guessingFacts(facts)
  if (flaw === 'resolved send taken as acknowledged') {
    return { ...facts, tell: (told) => facts.tell(told).catch(onlyAppErrors) }
  }
  if (flaw !== 'intent after the call') return facts
  const isIntent = (value: Buffer) => {
    const decoded = bytes.codec.decode('NotificationEvent', value)
    return decoded.kind === 'known' && decoded.value.type === 'NotificationAttempted'
  }
  return {
    ...facts,
    tell: async (told) => {
      if (!told.some(({ value }) => isIntent(value))) return facts.tell(told)
      const later = async () => {
        await wire.sleep(actor, 60)
        await facts.tell(told).catch(onlyAppErrors)
      }
      void later().catch(onlyKilled)
    },
  }
}

export function flawedLedger(universe: Universe, ledger: Ledger): Ledger {
  const { flaw } = universe
  if (flaw === 'expiry by local clock only') {
    return {
      ask: async (question) => {
        const answer = await ledger.ask(question)
        const tokens = answer.tokens.map((token) => ({
          ...token,
          state: token.state === 'expired' ? 'live' : token.state,
          expiresAt: token.expiresAt + 3 * SETTINGS.expiryMarginMs,
        }))
        return { ...answer, tokens }
      },
    }
  }
  const isWide = flaw === 'question whenever a person once wrote'
  if (isWide || flaw === 'ledger that knows of no window') {
    return {
      ask: async (question) => {
        const answer = await ledger.ask(question)
        const isWindow = isWide && answer.windowOpenUntil !== null
        return { ...answer, windowOpenUntil: isWindow ? Number.POSITIVE_INFINITY : null }
      },
    }
  }
  if (flaw !== 'retry with another token') return ledger
  return {
    ask: async (question) => {
      const answer = await ledger.ask(question)
      const tokens = answer.tokens.filter(({ tokenId }) => !avoided.get(universe)?.has(tokenId))
      return tokens.length === 0 ? answer : { ...answer, tokens }
    },
  }
}

/** Whoever asked meanwhile is not seen: the answer of before is given again. */
export function flawedBooks({ flaw }: Universe, books: Books): Books {
  if (flaw === 'books that forget what was sent') {
    return { look: async (question) => ({ ...(await books.look(question)), ofPerson: [] }) }
  }
  if (flaw === 'books that forget the words of questions') {
    return {
      look: async (question) => {
        const { ofPerson, onPage } = await books.look(question)
        return { ofPerson: ofPerson.map((asked) => ({ ...asked, titleDigest: null })), onPage }
      },
    }
  }
  if (flaw !== 'last look that repeats the first') return books
  const first = new Map<string, ReturnType<Books['look']>>()
  return {
    look: (question) => {
      const known = first.get(question.id) ?? books.look(question)
      first.set(question.id, known)
      known.catch(() => first.delete(question.id))
      return known
    },
  }
}

type Ends = ReturnType<typeof createLogEnds>

/** Where nothing has to be read, every answer is young enough. */
export function flawedEnds({ flaw }: Universe, ends: Ends): Ends {
  if (flaw !== 'stale answer taken as a refusal') return ends
  const none = new Map<number, bigint>()
  const calls = { notification: none, optInRequestEvent: none }
  const needs = { optIn: none, engagement: none, ...calls, token: none }
  return { ...ends, needsOf: async () => needs }
}

export function flawedSender(universe: Universe, sender: Sender): Sender {
  const { flaw, platform } = universe
  return {
    ...sender,
    send: async (call) => {
      const outcome = await sender.send(call)
      const isRepeat =
        flaw === 'retry with another token' ||
        (flaw === 'a question of unknown outcome is put again' && call.token === null)
      if (isRepeat && outcome.kind === 'unknown') {
        const tokens = avoided.get(universe) ?? new Set<string>()
        avoided.set(universe, tokens.add((call.token?.reveal() ?? '').padStart(32, '0')))
        const pause = { scope: 'page', waitMs: 1_000, untilPageEvent: false } as const
        return { ...outcome, kind: 'not-sent', reason: 'not-reached', pause }
      }
      if (flaw === 'PSID fallback after unknown' && outcome.kind === 'unknown') {
        platform.sendByPsid(call.content.commandId, call.attempt)
        return { ...outcome, kind: 'sent', messageId: messageId('m_psid') }
      }
      return outcome
    },
  }
}

/** Takes the platform's word that a token is used for proof that this very command used it. */
function guessingFacts(facts: Facts): Facts {
  return {
    ...facts,
    write: (command, draft, occasion) => {
      const isGuess = draft.type === 'NotificationFailed' && draft.reason === 'token-spent'
      if (!isGuess || draft.attempt === 0) return facts.write(command, draft, occasion)
      const { attempt, tokenId = null } = draft
      const guess = { type: 'NotificationSent', attempt, tokenId, certainty: 'INFERRED' } as const
      return facts.write(command, { ...guess, messageId: null }, occasion)
    },
  }
}

export function flawedCommands({ flaw }: Universe, commands: Commands): Commands {
  if (flaw !== 'fencing that drops a late 200') return commands
  return {
    ...commands,
    settle: async (known, decide) => {
      const fenced = await commands.change(known, (document) => {
        const isOurs = typeof known !== 'string' && document?.revision === known.revision
        return isOurs ? decide(document) : null
      })
      return fenced.kind === 'token-taken' ? { kind: 'unchanged', document: null } : fenced
    },
  }
}

export function flawedHandling<T>(
  { flaw }: Universe,
  handle: (reads: readonly Read<T>[]) => Promise<void>,
): (reads: readonly Read<T>[]) => Promise<void> {
  if (flaw === 'offset before settle') {
    return async (reads) => {
      void handle(reads).catch(() => {})
    }
  }
  if (flaw !== 'poison blocks partition') return handle
  return async (reads) => {
    if (reads.some(({ kind }) => kind === 'unusable')) throw storeAway()
    await handle(reads)
  }
}

/** What an appender of the ingress makes of an append that did not work. */
export async function flawedAck(
  { flaw }: Universe,
  { count, append }: { readonly count: number; readonly append: () => Promise<unknown> },
): Promise<void> {
  if (flaw === '200 before ack') void append().catch(() => {})
  else if (flaw === 'partial batch acknowledged' && count > 1) await append().catch(onlyAppErrors)
  else await append()
}

function onlyAppErrors(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AppError') throw error
}
