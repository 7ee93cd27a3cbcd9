import { type AppError, appError } from '@otn/kernel'

import type { PeopleRefusal } from '../domain/people.ts'

const REFUSALS: Readonly<Record<PeopleRefusal, string>> = {
  'page-unknown': 'pageId names no page of this simulator; GET /_sim/pages lists them',
  'person-unknown': 'psid names nobody this page knows; POST /_sim/people adds somebody',
  'request-missing': 'nobody was asked; POST /_sim/ask first, or give a payload or a token',
  'request-tapped':
    'this request was tapped already; ask again with another title, or turn the switch secondTap',
  'request-gone': 'the person deleted the chat and this request with it; ask again',
  'page-blocked': 'the person blocked the page; act "unblock" first',
  'token-taken': 'this token belongs to another page, person or payload',
}

/** The error for something that cannot happen in the pretend world. */
export function refused(reason: PeopleRefusal): AppError {
  const isMissing = reason === 'page-unknown' || reason === 'person-unknown'
  const publicMessage = REFUSALS[reason]
  return appError(isMissing ? 'OTN_HTTP_NOT_FOUND' : 'OTN_HTTP_CONFLICT', {
    message: publicMessage,
    publicMessage,
    details: { reason },
  })
}
