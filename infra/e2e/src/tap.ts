import type { StackFile } from '@otn/stack'
import { call } from './system.ts'

/** A person known to the simulator, who taps: the simulator takes only tokens that it issued. */
export async function tap(
  { simulatorUrl }: StackFile,
  { page, topic }: { readonly page: string; readonly topic: string },
): Promise<{ readonly psid: string; readonly token: string }> {
  const { body: joined } = await call(`${simulatorUrl}/_sim/people`, {
    method: 'POST',
    body: { pageId: page, count: 1 },
  })
  const psid = (joined.people as { psid: string }[])[0]?.psid
  const { body, status, text } = await call(`${simulatorUrl}/_sim/tap`, {
    method: 'POST',
    body: { pageId: page, psid, payload: `otn1:${topic}:`, waitMs: 30_000 },
  })
  if (status !== 200 || !body.delivered) throw new Error(`the tap was not taken: ${text}`)
  return { psid: String(body.psid), token: String(body.token) }
}
