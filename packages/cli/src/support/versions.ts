import { ANSWER_TABLE_VERSION } from '@otn/graph-api/answers'
import otn from '../../package.json' with { type: 'json' }
import type { Place } from '../doctor/place.ts'

/** What is installed here; what services run says their own log at its start. */
export function versions({ engines }: Place) {
  return {
    otn: otn.version,
    answerTable: ANSWER_TABLE_VERSION,
    node: engines.nodeVersion,
    system: `${process.platform} ${process.arch}`,
  }
}
