/** What a row of the answer table leads to, in the words of an operator. */
import { type AnswerRow, answerTable, type CodePair, findRows } from '@otn/graph-api/answers'
import { assertNever } from '@otn/kernel'

/** One way in which an answer is understood. */
export interface GraphVerdict {
  /** Row of the answer table; a fact on the log names it as its rule. */
  readonly row: string
  /** How the message was addressed where the row holds: by token, by psid, or either. */
  readonly addressedBy: AnswerRow['on']
  /** What the platform's text must say for the row to hold; null = anything. */
  readonly text: string | null
  readonly meaning: string
  readonly class: AnswerRow['verdict']['class'] | 'unlisted'
  /** Whether the message is out, and with it the token spent. */
  readonly sent: 'no' | 'unknown'
  readonly reason: string
  readonly who: string
  /** What the dispatcher does. */
  readonly follows: string
  /** What an operator may do. */
  readonly operator: string
}

export interface GraphAnswer {
  readonly isListed: boolean
  readonly verdicts: readonly GraphVerdict[]
  /** The same code with subcodes that the table lists apart. */
  readonly related: readonly string[]
}

const SETTLE =
  'Find out whether it went out, then pnpm otn doubt settle PAGE COMMAND --sent or --not-sent.'

const UNLISTED: GraphVerdict = {
  row: 'unlisted',
  addressedBy: 'any',
  text: null,
  meaning: 'The answer table does not list it, so nobody knows what it says of the message',
  class: 'unlisted',
  sent: 'unknown',
  reason: 'graph-unlisted',
  who: 'operator',
  follows:
    'In doubt at once: no repeat, no other token, the redacted answer kept; an echo settles it.',
  operator: `${SETTLE} Then add a row to the table.`,
}

/** How a code is understood, by either way of addressing. */
export function graphAnswer(pair: CodePair): GraphAnswer {
  const rows = findRows(pair)
  return {
    isListed: rows.length > 0,
    verdicts: rows.length === 0 ? [UNLISTED] : rows.map(verdictOf),
    related: relatedTo(pair),
  }
}

export function verdictOf(row: AnswerRow): GraphVerdict {
  return {
    row: row.id,
    addressedBy: row.on,
    text: row.text?.source ?? null,
    meaning: row.meaning,
    class: row.verdict.class,
    sent: row.spent,
    reason: row.reason,
    who: row.owner,
    ...whatFollows(row),
  }
}

type Following = Pick<GraphVerdict, 'follows' | 'operator'>
type Verdict<Class> = Extract<AnswerRow['verdict'], { readonly class: Class }>

function whatFollows({ verdict, retry, owner }: AnswerRow): Following {
  switch (verdict.class) {
    case 'throttled': {
      const lanes = verdict.scope === 'app' ? 'Every page of the app pauses' : 'The page pauses'
      return {
        follows: `${lanes} for as long as told, then the command goes by itself. No token is held.`,
        operator: 'Nothing; where it comes often, send slower.',
      }
    }
    case 'unknown':
      return verdict.probe === 'allowed' ? PROBED : NEVER_PROBED
    case 'refused':
      return {
        follows: 'The command ends as failed; a token that it held is free.',
        operator: `${ADVICE[retry]} ${MAY_ACT[owner]}`,
      }
    case 'token-refused':
      return verdict.verdict === 'dead' ? DEAD : SUSPECT
    case 'page-stopped':
      return pageStopped(verdict, owner)
    default:
      return assertNever(verdict)
  }
}

const PROBED: Following = {
  follows:
    'It waits for the echo (DISPATCHER_SETTLE_MS), then the same token goes once more or is held ' +
    '(DISPATCHER_UNKNOWN); in doubt at the latest after DISPATCHER_DOUBT_MS_MAX.',
  operator: `Wait for the echo; what stands in doubt needs you. ${SETTLE}`,
}

const NEVER_PROBED: Following = {
  follows: 'In doubt at once and never sent again: an echo or a person settles it.',
  operator: SETTLE,
}

const DEAD: Following = {
  follows: 'The command ends as failed and its token is closed.',
  operator: 'Do not send: the person said so.',
}

const SUSPECT: Following = {
  follows:
    'The command ends as failed, its token is free with one refusal counted: other tokens are ' +
    'tried before it, and a refusal under another command closes it.',
  operator: 'See pnpm otn explain TOKEN; ask the person for consent anew.',
}

function pageStopped(verdict: Verdict<'page-stopped'>, owner: AnswerRow['owner']): Following {
  if (verdict.affects === 'optin-requests') {
    return {
      follows: 'The command ends as failed. Only questions for consent are stopped.',
      operator: MAY_ACT[owner],
    }
  }
  const mended = verdict.standing === 'auth-lost' ? ' Then pnpm otn pages import FILE.' : ''
  return {
    follows:
      'Nothing of the page goes out and its commands wait; one of them tries again after the ' +
      'next event of the page, or after DISPATCHER_RECHECK_MS.',
    operator: `${MAY_ACT[owner]}${mended}`,
  }
}

const ADVICE: Readonly<Record<AnswerRow['retry'], string>> = {
  never: 'No repeat will help.',
  'after-fix': 'Mend the cause, then a new command.',
  'after-pause': 'It goes again by itself.',
  later: 'A new command, minutes later.',
  rarely: 'A new command, days later.',
  'after-settling': 'Wait.',
  'echo-only': 'Wait.',
}

const MAY_ACT: Readonly<Record<AnswerRow['owner'], string>> = {
  platform: 'Only the platform can change it.',
  operator: 'See its text and trace id: pnpm otn explain COMMAND.',
  page: 'The owner of the page must act: see its support inbox and permissions.',
  person: 'Only the person can change it.',
  caller: 'The service that asked must change its command.',
  nobody: 'Nobody need act.',
}

function relatedTo({ code, subcode }: CodePair): readonly string[] {
  const own = subcode === null ? `${code}` : `${code}/${subcode}`
  const all = answerTable.flatMap(({ codes }) => codes)
  const near = all.filter((pattern) => pattern.split('/')[0] === `${code}` && pattern !== own)
  return [...new Set(near)]
}
