/** Webhook and page are subscribed again, as after the platform ended both. */
import type { StoredPage } from '../ports.ts'
import { lookFirst } from '../watching/look-first.ts'
import { createChecklist } from './checklist.ts'
import { FOLLOW_STEPS, followPage } from './follow-page.ts'
import type { LeaveReport } from './leave-page.ts'
import type { Onboarding } from './onboarding.ts'
import { readableToken } from './readable-token.ts'
import { APP_STEPS, subscribeApp } from './subscribe-app.ts'

/** What may have been missed meanwhile the watch tells, which sees the page well again. */
export async function restorePage(
  { pageId, page }: StoredPage,
  { beside }: { readonly beside: readonly string[] },
  parts: Onboarding,
): Promise<LeaveReport> {
  const list = createChecklist([...APP_STEPS, ...FOLLOW_STEPS])
  await lookFirst(pageId, parts)
  if ((await subscribeApp(list, pageId, parts)) === null) return list.report()
  const connection = page.connection?.value
  const accessToken = connection ? readableToken(parts.tokens, { pageId, connection }) : null
  if (connection === undefined || accessToken === null) {
    const next = `pnpm otn pages connect ${pageId}`
    list.failed('no-other-app', { sentence: 'No page token is known that opens.', next })
    return list.report()
  }
  const { graphVersion } = connection
  await followPage(list, { pageId, accessToken, graphVersion, beside }, parts)
  return list.report()
}
