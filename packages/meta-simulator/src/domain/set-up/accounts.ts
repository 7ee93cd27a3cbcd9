import { success } from '../graph-answer.ts'
import { type GraphCall, permissionFault } from '../graph-call.ts'
import type { Outcome } from '../judgement.ts'

const CATEGORY = { id: '2201', name: 'Product/service' }
const TASKS = ['ANALYZE', 'ADVERTISE', 'MESSAGING', 'MODERATE', 'CREATE_CONTENT', 'MANAGE']

/** `GET /me/accounts`: the pages of the person behind a user token, each with its page token. */
export function listAccounts(call: GraphCall): Outcome {
  const fault = permissionFault(call, 'pages_show_list')
  if (fault !== null) return fault
  const { caller, context } = call
  const { pages, graph } = context.world
  const seen = [...pages.values()].filter(
    ({ pageId }) => caller.pageIds === null || caller.pageIds.includes(pageId),
  )
  const data = seen.map(({ pageId, name }) => ({
    access_token: graph.newestPageTokens.get(pageId),
    category: CATEGORY.name,
    category_list: [CATEGORY],
    name,
    id: pageId,
    tasks: TASKS,
  }))
  if (data.length === 0) return { answer: success({ data }), facts: [] }
  const cursors = { before: cursorOf(data[0]?.id), after: cursorOf(data.at(-1)?.id) }
  return { answer: success({ data, paging: { cursors } }), facts: [] }
}

/** Opaque to callers; every page fits into one answer here. */
function cursorOf(pageId = ''): string {
  return `QVFI${pageId}`
}
