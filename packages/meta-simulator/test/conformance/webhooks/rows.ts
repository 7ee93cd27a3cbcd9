/** Section 5 of the reference, and the kinds of opt-ins of 1.3: webhooks. */

import type { Row } from '../row.ts'
import { deliveryRows } from './delivery.ts'
import { envelopeRows } from './envelope.ts'
import { eventRows } from './events.ts'
import { handshakeRows } from './handshake.ts'
import { signatureRows } from './signature.ts'

export const webhookRows: readonly Row[] = [
  ...handshakeRows,
  ...deliveryRows,
  ...envelopeRows,
  ...signatureRows,
  ...eventRows,
]
