import { success } from '../graph-answer.ts'
import { listParameter, type PageCall } from '../graph-call.ts'
import type { Outcome } from '../judgement.ts'
import { ownMember } from '../own-member.ts'
import { threadOf } from '../world.ts'

/** `GET /{PSID}?fields=first_name,last_name,profile_pic`. */
export function readPerson(call: PageCall): Outcome {
  const { request, page, context } = call
  const psid = request.path.node
  const thread = threadOf(context.world, page.pageId, psid)
  if (thread === undefined) return { situation: 'object-missing', detail: psid }
  if (!call.caller.scopes.includes('pages_messaging')) return { situation: 'profile-not-permitted' }
  if (thread.blocked) return { situation: 'profile-not-available' }
  const [first = '', ...rest] = thread.person.name.split(' ')
  const known: Readonly<Record<string, string>> = {
    first_name: first,
    last_name: rest.join(' '),
    profile_pic: `https://platform-lookaside.fbsbx.com/platform/profilepic/?psid=${psid}`,
    name: thread.person.name,
    id: psid,
  }
  const fields = listParameter(call, 'fields') ?? ['first_name', 'last_name', 'profile_pic']
  const unknown = fields.find((field) => ownMember(known, field) === undefined)
  if (unknown !== undefined) return { situation: 'field-unknown', detail: unknown }
  const body = Object.fromEntries([...fields, 'id'].map((field) => [field, known[field]]))
  return { answer: success(body), facts: [] }
}
