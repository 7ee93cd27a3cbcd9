import { success } from './graph-answer.ts'
import type { PageCall } from './graph-call.ts'
import type { Outcome } from './judgement.ts'
import { ownMember } from './own-member.ts'

/** `GET /me?fields=id,name`: the page of the token. The id comes whether asked for or not. */
export function readPage({ request, page }: PageCall): Outcome {
  const known: Readonly<Record<string, string>> = { name: page.name, id: page.pageId }
  const asked = request.parameters.fields
  const fields = typeof asked === 'string' && asked !== '' ? asked.split(',') : ['name', 'id']
  const unknown = fields.find((field) => ownMember(known, field) === undefined)
  if (unknown !== undefined) return { situation: 'field-unknown', detail: unknown }
  const named = new Set([...fields, 'id'])
  const body = Object.fromEntries([...named].map((field) => [field, known[field]]))
  return { answer: success(body), facts: [] }
}
