import { CliError, exitCodes } from '../exit-code.ts'

const TIMEOUT_MS = 10_000

export interface WebhookPost {
  readonly status: number
  /** From the post to the answer, milliseconds. */
  readonly durationMs: number
}

export interface WebhookToPost {
  /** Address of the ingress, without path. */
  readonly url: string
  readonly body: Buffer
  readonly signature: string
  readonly fetch: typeof fetch
}

/** Posts a webhook the way the platform does. @throws CliError 4 where nobody answers */
export async function postWebhook({
  url,
  body,
  signature,
  fetch,
}: WebhookToPost): Promise<WebhookPost> {
  const startedAt = performance.now()
  const target = new URL('webhook', url.endsWith('/') ? url : `${url}/`)
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.arrayBuffer()
    return { status: response.status, durationMs: Math.round(performance.now() - startedAt) }
  } catch {
    const message = `the ingress at ${target.host} does not answer within ${TIMEOUT_MS / 1000} s`
    throw new CliError(exitCodes.notReachable, message, 'pnpm stack up, or check the address')
  }
}
