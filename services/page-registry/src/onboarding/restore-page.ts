/** Webhook and page are subscribed again, as after the platform ended both. */
import type { StoredPage } from '../ports.ts'
import { lookNow } from '../watching/look-now.ts'
import { createChecklist } from './checklist.ts'
import { FOLLOW_STEPS, followPage } from './follow-page.ts'
import type { LeaveReport } from './leave-page.ts'
import type { Onboarding } from './onboarding.ts'
import { readableToken } from './readable-token.ts'
import { APP_STEPS, subscribeApp } from './subscribe-app.ts'

/** What may have been missed meanwhile is told as the watch tells it. */
export async function restorePage(
  { pageId, page }: StoredPage,
  { beside }: { readonly beside: readonly string[] },
  parts: Onboarding,
): Promise<LeaveReport> {
  const list = createChecklist([...APP_STEPS, ...FOLLOW_STEPS])
  await lookNow(pageId, parts)
  if ((await subscribeApp(list, pageId, parts)) === null) return list.report()
  const connection = page.connection?.value
  const accessToken = connection ? readableToken(parts.tokens, { pageId, connection }) : null
  if (connection === undefined || accessToken === null) {
    const next = `pnpm otn pages connect ${pageId}`
    list.failed('no-other-app', { sentence: 'No page token is known that opens.', next })
    return list.report()
  }
  const { graphVersion } = connection
  const wish = { pageId, accessToken, graphVersion, beside }
  if ((await followPage(list, wish, parts)) !== null) await lookNow(pageId, parts)
  return list.report()
}
