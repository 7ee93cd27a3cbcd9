import { appError } from '@otn/kernel'

/** What an appender throws where the connection broke before its acknowledgement came. */
export function busAnswerLost(): never {
  throw appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'the answer was lost' })
}
