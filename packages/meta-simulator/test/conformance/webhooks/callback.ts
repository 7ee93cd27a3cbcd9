/** A callback that looks at what really comes, and what is done to make something come. */
import type { Item, Receiver } from '../../receiver.ts'
import type { Meta } from '../meta.ts'

/** A callback that is registered. */
export async function registered({ simulator, receiver }: Meta): Promise<Receiver> {
  const callback = await receiver()
  await simulator.registerWebhook({ callbackUrl: callback.url })
  return callback
}

/** The person writes; resolves when nothing is on its way. */
export async function write({ simulator, pageId, psid }: Meta, text = 'Hello'): Promise<void> {
  await simulator.act({ pageId, psid, act: { kind: 'message', text } })
  await simulator.quiet()
}

/** The first body that came, as JSON. */
export function firstBody({ posts }: Receiver): Body {
  return JSON.parse(posts[0]?.body.toString() ?? '{}')
}

export interface Body {
  readonly object: string
  readonly entry: readonly {
    readonly id: string
    readonly time: number
    readonly messaging?: readonly Item[]
    readonly standby?: readonly Item[]
    readonly changes?: readonly Item[]
  }[]
}
