/** The rules of an opt-in request, asked as soon as what they look at is known. */
import type { ReasonCode } from '@otn/contracts'
import {
  evaluate,
  type RequestSettings,
  type RequestSituation,
  type RequestWorld,
  requestRules,
  type Verdict,
} from '@otn/policy'
import { type Command, stateOf } from './command.ts'
import type { CommandContent, RequestContent } from './command-content.ts'
import type { Ruling } from './fact-draft.ts'
import type { StandingOfCommand } from './page.ts'

/** Why a person may not be asked, and the rule that says so. */
export interface RequestRefusal {
  readonly reason: ReasonCode
  readonly ruling: Ruling
}

export interface Judgement {
  readonly refusal: RequestRefusal | null
  /** What is permitted and told all the same; null = nothing. */
  readonly advice: Ruling | null
  /** Of every rule, in their order. */
  readonly verdicts: readonly Verdict[]
}

/** What can be said now; rules on what is not known yet say nothing. */
function judgeRequest(situation: RequestSituation): Judgement {
  const { verdicts, refusal, flags, rulesVersion } = evaluate(requestRules, situation)
  const [first] = flags
  const ruling = (rule: string, detail: string | null): Ruling => ({ rule, rulesVersion, detail })
  return {
    verdicts,
    refusal: refusal && {
      reason: refusal.reason,
      ruling: ruling(refusal.rule, refusal.text),
    },
    advice: first
      ? ruling(first.rule, flags.map(({ text, next }) => `${text}. ${next}`).join(' '))
      : null,
  }
}

/** What the command's own words come to: refused so, it is refused for good. */
export function judgeWords(request: RequestContent, settings: RequestSettings): Judgement {
  return judgeRequest({ request, settings, page: 'unasked', world: null })
}

/** Whether the page of a request that has not begun may ask at all. */
export function refusalOfPage(
  command: Command,
  content: CommandContent | null,
  { standing, settings }: PageAndSettings,
): RequestRefusal | null {
  if (!content?.asks || stateOf(command) !== 'open') return null
  return judgePage(content, { standing, settings }).refusal
}

/** The command's words and the page: nobody else was asked yet. */
export function judgePage(
  request: RequestContent,
  { standing, settings }: PageAndSettings,
): Judgement {
  return judgeRequest({ request, settings, page: pageOf(standing), world: null })
}

interface PageAndSettings {
  readonly standing: StandingOfCommand
  readonly settings: RequestSettings
}

/** All rules: page and ledger were asked, the books were looked at. */
export function judgeAll(
  request: RequestContent,
  { settings, world }: { readonly settings: RequestSettings; readonly world: RequestWorld },
): Judgement {
  return judgeRequest({ request, settings, page: 'connected', world })
}

function pageOf(standing: StandingOfCommand): RequestSituation['page'] {
  if (standing === 'behind') return 'unasked'
  return standing === 'unknown' || standing === 'disconnected' ? standing : 'connected'
}
