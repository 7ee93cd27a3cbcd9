import { type AddressForm, addressForms } from './graph-state.ts'
import { isJsonObject } from './json-object.ts'
import { invalid, type Refused } from './judgement.ts'

/** Whom a call addresses. */
export type Recipient =
  | { readonly form: 'person'; readonly psid: string }
  | { readonly form: 'token'; readonly token: string }
  | { readonly form: 'address'; readonly kind: AddressForm; readonly value: string }

/** Of the Graph schema alone; nobody here can be reached by one. */
const STRANGE_FORMS = new Set([
  'follow_id',
  'story_id',
  'poll_response_id',
  'player_id',
  'login_id',
])

/**
 * Reads `recipient`: exactly one address form. Two forms in one call are documented nowhere;
 * they are refused, because a caller must never depend on which one would win.
 */
export function readRecipient(value: unknown): Recipient | Refused {
  if (value === undefined) return invalid('The parameter recipient is required')
  if (!isJsonObject(value)) return invalid('param recipient must be an object.')
  const forms = Object.keys(value).filter((key) => key !== 'name')
  const [form] = forms
  if (form === undefined) return invalid('param recipient must be non-empty.')
  if (forms.length > 1) return invalid('param recipient must hold exactly one kind of address.')
  if (STRANGE_FORMS.has(form)) return { situation: 'person-unknown' }
  const address = value[form]
  if (typeof address !== 'string' || address === '') {
    return invalid(`param recipient[${form}] must be a non-empty string.`)
  }
  if (form === 'id') return { form: 'person', psid: address }
  if (form === 'one_time_notif_token') return { form: 'token', token: address }
  const kind = addressForms.find((known) => known === form)
  if (kind !== undefined) return { form: 'address', kind, value: address }
  return invalid(`param recipient has an invalid key: ${form}`)
}
