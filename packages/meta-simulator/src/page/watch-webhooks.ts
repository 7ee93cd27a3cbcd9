import type { PostResult, WebhookPost } from '../webhooks/post-webhook.ts'
import type { Witness } from './witness.ts'

type Post = (post: WebhookPost) => Promise<PostResult>

/** The same way out for webhooks, with somebody looking on. */
export function watchWebhooks(post: Post, witness: Witness, nowMs: () => number): Post {
  return async (parcel) => {
    const seen = witness.sawPost(parcel, nowMs())
    const result = await post(parcel)
    seen.result = result
    return result
  }
}
