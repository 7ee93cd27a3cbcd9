/** `/me/messenger_profile`: what people see before they write. */
import { success } from '../graph-answer.ts'
import { listParameter, type PageCall } from '../graph-call.ts'
import { invalid, type Outcome } from '../judgement.ts'

const WRITABLE = [
  'get_started',
  'greeting',
  'ice_breakers',
  'persistent_menu',
  'whitelisted_domains',
  'account_linking_url',
] as const

/** Read only: whether the rules of Europe touch this page. */
const PRIVACY_RULES = 'subject_to_new_eu_privacy_rules'

export function readProfile(call: PageCall): Outcome {
  const fields = listParameter(call, 'fields')
  if (fields === null) return invalid('The parameter fields is required')
  const { graph } = call.context.world
  const profile = { ...graph.profiles.get(call.page.pageId), [PRIVACY_RULES]: false }
  const shown = Object.entries(profile).filter(([name]) => fields.includes(name))
  const data = shown.length === 0 ? [] : [Object.fromEntries(shown)]
  return { answer: success({ data }), facts: [] }
}

export function setProfile({ request, page }: PageCall): Outcome {
  const given = Object.entries(request.parameters).filter(([name]) => isWritable(name))
  if (given.length === 0) return invalid(`Requires one of the params: ${WRITABLE.join(',')}`)
  const members = Object.fromEntries(given)
  return {
    answer: success({ result: 'success' }),
    facts: [{ type: 'ProfileChanged', pageId: page.pageId, members }],
  }
}

export function removeProfile(call: PageCall): Outcome {
  const fields = listParameter(call, 'fields')
  if (fields === null || !fields.every(isWritable)) {
    return invalid(`Param fields must be of ${WRITABLE.join(',')}`)
  }
  const members = Object.fromEntries(fields.map((field) => [field, null]))
  return {
    answer: success({ result: 'success' }),
    facts: [{ type: 'ProfileChanged', pageId: call.page.pageId, members }],
  }
}

function isWritable(name: string): boolean {
  return WRITABLE.some((writable) => writable === name)
}
