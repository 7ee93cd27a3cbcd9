/** `/{PAGE_ID}/subscribed_apps`: which fields of a page the app is told of. */
import { success } from '../graph-answer.ts'
import { listParameter, type PageCall, permissionFault } from '../graph-call.ts'
import { invalid, type Outcome } from '../judgement.ts'
import { unknownField, webhookFields } from './webhook-fields.ts'

/**
 * Follows a page. The guide to test users follows without naming fields; the switch says whether
 * that chooses all of them or is refused.
 */
export function followPage(call: PageCall): Outcome {
  const fault =
    permissionFault(call, 'pages_manage_metadata') ?? permissionFault(call, 'pages_messaging')
  if (fault !== null) return fault
  const { page, context } = call
  const fields = listParameter(call, 'subscribed_fields')
  if (fields === null && !context.switches.followWithoutFields) {
    return invalid('Param subscribed_fields must be given')
  }
  const unknown = fields === null ? null : unknownField(fields)
  if (unknown !== null) return unknown
  const { pageId } = page
  return {
    answer: success({ success: true }),
    facts: [
      { type: 'PageSubscribed', pageId, atMs: context.nowMs },
      { type: 'PageFieldsChosen', pageId, fields },
    ],
  }
}

export function readFollowers({ page, context }: PageCall): Outcome {
  const { unsubscribed, graph } = context.world
  const { appId, name } = graph.app
  const fields = graph.pageFields.get(page.pageId) ?? webhookFields
  const ours = unsubscribed.has(page.pageId) ? [] : [rowOf(appId, name, fields)]
  const others = graph.otherFollowers.get(page.pageId) ?? []
  const data = [...ours, ...others.map((id) => rowOf(id, 'Another app', webhookFields))]
  return { answer: success({ data }), facts: [] }
}

function rowOf(id: string, name: string, fields: readonly string[]) {
  const link = 'https://example.com/app'
  return { category: 'Business', link, name, id, subscribed_fields: fields }
}

export function unfollowPage({ page, context }: PageCall): Outcome {
  return {
    answer: success({ success: true }),
    facts: [{ type: 'PageUnsubscribed', pageId: page.pageId, atMs: context.nowMs }],
  }
}
