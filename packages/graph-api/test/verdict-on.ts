import type { AddressedBy } from '../src/classification.ts'
import { classify } from '../src/classify.ts'

/** Every way in which a call names whom it is for. */
export const ways: readonly AddressedBy[] = ['token', 'psid']
/** Classes after which a call is not repeated by itself. */
export const ENDS = ['sent', 'refused', 'token-refused', 'token-used']

/** What the answer table says of an error with this code. */
export const verdictOn = (code: number, subcode: number | null, addressedBy: AddressedBy) =>
  classify(
    {
      seen: 'answered',
      status: 400,
      headers: {},
      json: { error: { code, ...(subcode === null ? {} : { error_subcode: subcode }) } },
      bodyBytes: 1,
      bodyCut: false,
    },
    { addressedBy },
  )
