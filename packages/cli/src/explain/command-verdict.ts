import { type CommandState, commandFold, explain } from '@otn/client'
import { assertNever, fold } from '@otn/kernel'
import { showInstant } from '../output/instant.ts'
import { printable } from '../output/printable.ts'
import { callFacts } from './call-facts.ts'
import { parkedVerdict } from './parked-verdict.ts'
import type { StoryFact } from './story.ts'
import type { Verdict } from './verdict.ts'

type Final = NonNullable<CommandState['final']>

const ASKED = 'The person was asked; if they tap Notify Me, their consent arrives as a token.'

/** How a command stands, from every fact about it. */
export function commandVerdict(facts: readonly StoryFact[]): Verdict {
  const isQuestion = facts.some(({ topic }) => topic.startsWith('optInRequest'))
  const { final, doubt, open, rejected } = fold(commandFold, callFacts(facts))
  if (final) return finalVerdict(final, isQuestion)
  if (doubt) return doubtful(doubt)
  if (open) return openVerdict(open)
  // A refused reuse of the id says nothing of the command that has it.
  if (rejected) return refused('rejected', rejected.reason)
  return unseen(facts)
}

function endOf(tokenId: string | null): string {
  const spent = tokenId === null ? 'no token was spent' : 'its token is spent'
  return `Nothing more: this command is final and ${spent}.`
}

function finalVerdict(final: Final, isQuestion: boolean): Verdict {
  switch (final.type) {
    case 'NotificationSent':
      return {
        mark: 'good',
        state: 'sent',
        sentence: `attempt ${final.attempt} went out, ${final.certainty}`,
        reason: null,
        next: [isQuestion ? ASKED : endOf(final.tokenId ?? null)],
      }
    case 'NotificationFailed': {
      const verdict = refused('failed', final.reason)
      const token = final.tokenReleased
        ? 'The token was let go: another command may spend it.'
        : 'Nothing went out, by any attempt.'
      return { ...verdict, next: [token, ...verdict.next] }
    }
    case 'NotificationCancelled':
      return {
        mark: 'bad',
        state: 'cancelled',
        sentence: 'before anything went out',
        reason: null,
        next: ['Nothing more: a new wish needs a new command id.'],
      }
    default:
      return assertNever(final)
  }
}

function doubtful({ reason, pageId, commandId }: NonNullable<CommandState['doubt']>): Verdict {
  const { meaning, next } = explain(reason)
  const later = 'An echo, a probe or an operator may still settle it; never send it again by hand.'
  const settle = `pnpm otn doubt settle ${printable(pageId)} ${printable(commandId)}`
  const byHand = `By hand: ${settle} --sent or --not-sent`
  const all = [later, next, byHand]
  return { mark: 'open', state: 'in-doubt', sentence: meaning, reason, next: all }
}

function openVerdict(open: NonNullable<CommandState['open']>): Verdict {
  if (open.type === 'NotificationAttempted') {
    return {
      mark: 'open',
      state: 'attempting',
      sentence: `attempt ${open.attempt} is under way since ${showInstant(open.at)}`,
      reason: null,
      next: [
        'It is closed by what Meta answers; a process that died is replaced once its lease ends.',
      ],
    }
  }
  const { meaning, next } = explain(open.reason)
  const due = `Looked at again at ${showInstant(open.dueAt)}; a cancel may still stop it.`
  return {
    mark: 'open',
    state: 'waiting',
    sentence: meaning,
    reason: open.reason,
    next: [due, next],
  }
}

function refused(state: string, code: string): Verdict {
  const { meaning, next } = explain(code)
  return { mark: 'bad', state, sentence: meaning, reason: code, next: [next] }
}

/** No fact of the dispatcher speaks of it. */
function unseen(facts: readonly StoryFact[]): Verdict {
  const parked = parkedVerdict(facts)
  if (parked) return parked
  const isPublished = facts.some(({ topic }) => topic === 'notify' || topic === 'optInRequest')
  return {
    mark: 'open',
    state: isPublished ? 'published' : 'cancel-remembered',
    sentence: isPublished
      ? 'published, and not looked at by the dispatcher yet'
      : 'cancelled before it was published',
    reason: null,
    next: [
      isPublished
        ? 'The dispatcher takes it up when it runs; a command that cannot be read is parked.'
        : 'If the command still comes, it ends as cancelled.',
    ],
  }
}
