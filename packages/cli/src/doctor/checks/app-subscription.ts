import type { AppSubscription, SetUpResult } from '@otn/graph-api'
import { defineCheck } from '../check.ts'
import { type Finding, ok, toFix, warn } from '../finding.ts'
import { refusal, setUpClientOf } from '../readers/set-up.ts'
import { CONNECT, missingField, missingUseful } from '../webhook-fields.ts'

export const appSubscription = defineCheck({
  id: 'app-subscription',
  needs: ['graph'],
  read: (place) => setUpClientOf(place).subscriptionsOfApp(),
  judge: judgeSubscription,
})

/** Where the platform delivers to, whether it does, and whether opt-ins are among it. */
export function judgeSubscription(
  result: SetUpResult<readonly AppSubscription[]>,
): readonly Finding[] {
  if (result.kind === 'refused') return [refusal('the subscription of the app', result.fault)]
  const [subscription] = result.value
  if (subscription === undefined) {
    return [toFix('the app is subscribed to no webhook: no consent arrives', CONNECT)]
  }
  const { callbackUrl, isActive, fields } = subscription
  const where = withoutQuery(callbackUrl)
  if (!isActive) return [toFix(`the webhook ${where} of the app is not active`, CONNECT)]
  const missing = missingField(fields)
  if (missing !== null) {
    return [toFix(`the app lacks the field ${missing}: no consent arrives`, CONNECT)]
  }
  const useful = missingUseful(fields)
  if (useful.length > 0) return [warn(`the app lacks the fields ${useful.join(', ')}`, CONNECT)]
  return [ok(`the platform delivers to ${where}`)]
}

/** A callback may carry a secret of its owner behind its path. */
function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return 'at no address'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
