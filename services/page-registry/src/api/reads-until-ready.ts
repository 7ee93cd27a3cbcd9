import { appError } from '@otn/kernel'
import type { HttpServer, Readiness } from '@otn/runtime'

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Routes after it answer 503 to whatever would act while the registry is not ready: on pages that
 * are folded in part it would connect, unfollow and tell what the log says otherwise.
 */
export function onlyReadsUntilReady(app: HttpServer, notReady: Readiness): void {
  app.addHook('preHandler', async ({ method }) => {
    if (READS.has(method)) return
    const [publicMessage] = notReady()
    if (publicMessage === undefined) return
    throw appError('OTN_HTTP_UNAVAILABLE', { message: publicMessage, publicMessage })
  })
}
