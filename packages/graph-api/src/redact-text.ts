const READ_CHARACTERS_MAX = 600
const KEPT_CHARACTERS_MAX = 200
const MASK = '[…]'
/** Bytes as they stand in an address, also in one that stands in another one. */
const ENCODED = /(?:%(?:25)*[\da-f]{2})+/giu

/** They may hold quote signs, which then begin or end no quotation. */
const ADDRESSES = [/\b[a-z][a-z0-9+.-]*:\/\/\S*/giu, /\S+(?:@|%40)\S+/giu]
const QUOTATIONS = [
  /["“”„][^"“”„]*(?:["“”„]|$)/gu,
  /[`‘][^`’]*(?:[`’]|$)/gu,
  /(?<!\p{L})'.*?(?:'(?!\p{L})|$)/gu,
  /[«「『][^»」』]*(?:[»」』]|$)/gu,
]
const PRIVATE = [
  // Six digits in a row or set apart as phone numbers are, with what is written on to them.
  /[\w~+/=.-]*\p{Nd}(?:[\s().,/\p{Pd}]{0,2}\p{Nd}){5,}[\w~+/=.-]*/gu,
  // Named as what it is: message ids (mid.$…, m_…), access tokens, `psid=…`.
  /(?<![\p{L}\p{Nd}])(?:mid[.:$]|m_|EAA)\S+/gu,
  /(?<=(?<!\p{L})(?:token|secret|proof|psid|mid|id|phone|user|recipient|sender)\s?[=:]\s?)\S+/giu,
  // Opaque words: ids and tokens, in letters and digits or very long.
  /(?=[\w~+/=.-]*\p{Nd})[\w~+/=.-]{16,}|[\w~+/=-]{32,}/gu,
]

/**
 * What may be kept of a text of the platform: addresses, everything quoted, opaque words, what is
 * named as an id or a token, and six or more digits, also of a phone number, are masked. At most
 * 200 characters; null where no word is left.
 */
export function redactText(text: string): string | null {
  const readable = decoded(whole(text)).replace(/[\p{C}\s]+/gu, ' ')
  const kept = masked(readable).trim().slice(0, KEPT_CHARACTERS_MAX).toWellFormed()
  return /\p{L}/u.test(kept.replaceAll(MASK, '')) ? kept : null
}

/** Each kind is looked for in the whole text, whatever others find of it; all of it is masked. */
function masked(text: string): string {
  const bare = ADDRESSES.reduce(
    (known, pattern) => known.replace(pattern, (address) => ' '.repeat(address.length)),
    text,
  )
  const found = [
    ...[...ADDRESSES, ...PRIVATE].flatMap((pattern) => [...text.matchAll(pattern)]),
    ...QUOTATIONS.flatMap((pattern) => [...bare.matchAll(pattern)]),
  ]
  const spans = found.map(({ 0: part, index }) => ({ from: index, to: index + part.length }))
  let kept = ''
  let read = 0
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    if (from > read || kept === '') kept += text.slice(read, from) + MASK
    read = Math.max(read, to)
  }
  return kept + text.slice(read)
}

/** The type of an error in the platform's own form, or null: `OAuthException`. */
export function redactWord(text: string | null): string | null {
  return text !== null && /^[A-Za-z]{1,40}(?:Exception|Error)$/.test(text) ? text : null
}

/** A trace id, or null; digits alone are no trace id but may be somebody's. */
export function redactTraceId(text: string | null): string | null {
  const isTraceId = text !== null && /^(?=.*[A-Za-z])[\w/+=-]{1,64}$/.test(text)
  return isTraceId ? text : null
}

/** So that what is encoded is told by the same signs; bytes that are no text become U+FFFD. */
function decoded(text: string): string {
  return text.replace(ENCODED, (run) =>
    Buffer.from(run.replace(/%(?:25)*(?=[\da-f]{2})/giu, ''), 'hex').toString('utf8'),
  )
}

/** What is read of a long text ends with a whole word: half a token would not look like one. */
function whole(text: string): string {
  if (text.length <= READ_CHARACTERS_MAX) return text
  const read = text.slice(0, READ_CHARACTERS_MAX)
  const end = read.search(/\s\S*$/)
  return end === -1 ? '' : read.slice(0, end)
}
