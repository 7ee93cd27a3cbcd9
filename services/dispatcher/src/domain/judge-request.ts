/** The rules of an opt-in request, asked as soon as what they look at is known. */
import {
  evaluate,
  type RequestSettings,
  type RequestSituation,
  type RequestWorld,
  requestRules,
} from '@otn/policy'
import type { RequestContent } from './command-content.ts'
import { type Judgement, judgementOf } from './judgement.ts'
import type { StandingOfCommand } from './page.ts'

/** What can be said now; rules on what is not known yet say nothing. */
function judgeRequest(situation: RequestSituation): Judgement {
  return judgementOf(evaluate(requestRules, situation))
}

/** What the command's own words come to: refused so, it is refused for good. */
export function judgeWords(request: RequestContent, settings: RequestSettings): Judgement {
  return judgeRequest({ request, settings, page: 'unasked', world: null })
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
