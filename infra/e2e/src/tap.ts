import type { StackFile } from '@otn/stack'
import { call } from './system.ts'

interface Tap {
  readonly page: string
  readonly topic: string
  /** Of a question that is not ours; `otn1:<topic>:` where left out. */
  readonly payload?: string
  /** Somebody who joined before; a new person where left out. */
  readonly psid?: string
}

/** A person known to the simulator, who taps: the simulator takes only tokens that it issued. */
export async function tap(
  stack: StackFile,
  { page, topic, psid: known, payload = `otn1:${topic}:` }: Tap,
): Promise<{ readonly psid: string; readonly token: string }> {
  const psid = known ?? (await join(stack, page))
  const { body, status, text } = await call(`${stack.simulatorUrl}/_sim/tap`, {
    method: 'POST',
    body: { pageId: page, psid, payload, waitMs: 30_000 },
  })
  if (status !== 200 || !body.delivered) throw new Error(`the tap was not taken: ${text}`)
  return { psid: String(body.psid), token: String(body.token) }
}

async function join({ simulatorUrl }: StackFile, page: string): Promise<string | undefined> {
  const { body } = await call(`${simulatorUrl}/_sim/people`, {
    method: 'POST',
    body: { pageId: page, count: 1 },
  })
  return (body.people as { psid: string }[])[0]?.psid
}
