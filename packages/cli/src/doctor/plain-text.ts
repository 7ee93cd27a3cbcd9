import { redactText } from '@otn/graph-api'

/**
 * A text of somebody else as it may be shown: what may be a token, an id, an address or a quotation
 * is masked. A word for machines (`webhook-failing`) stays as it is.
 */
export function plainText(value: unknown): string {
  const text = typeof value === 'string' ? value : ''
  if (/^[a-z]+(?:-[a-z]+)*$/.test(text) && text.length <= 40) return text
  return redactText(text) ?? '-'
}
