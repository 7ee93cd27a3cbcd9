/** What is written on the wire for a call, after a knob has had its way. */
import { assertNever } from '@otn/kernel'

import { graphJson } from './escaped-json.ts'
import type { Fault } from './fault.ts'
import { faultOf } from './faults.ts'
import { failure, type GraphAnswer } from './graph-answer.ts'
import type { StruckAnswer } from './knobs.ts'
import type { Switches } from './switches.ts'
import { appUsageHeaders, type Headers, pageUsageHeaders } from './usage-headers.ts'

type AnswerType = Switches['answerType']

/** An answer as bytes; `cut` means that none are sent and the connection ends. */
export type WireAnswer =
  | {
      readonly kind: 'whole'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | { readonly kind: 'cut' }

/** The judge's answer, untouched. */
export function genuine(
  { status, headers, body }: GraphAnswer,
  answerType: AnswerType = 'application/json',
): WireAnswer {
  return {
    kind: 'whole',
    status,
    headers: { 'content-type': `${answerType}; charset=UTF-8`, ...headers },
    body: graphJson(body),
  }
}

export interface StruckCall {
  readonly struck: StruckAnswer
  /** What the judge answered; null when the knob kept the call from being judged. */
  readonly judged: GraphAnswer | null
  readonly pageId: string | null
  readonly traceId: string
  readonly answerType?: AnswerType
}

/**
 * The answer that a knob makes of a judgement. Faults of the network strike whatever the judge
 * said; an error envelope replaces an acceptance only, since Meta would refuse a bad call first.
 */
export function struckAnswer(call: StruckCall): WireAnswer {
  const { struck, judged, pageId, traceId, answerType = 'application/json' } = call
  const isRefused = judged !== null && judged.status !== 200
  switch (struck.kind) {
    case 'genuine':
      return judged === null ? { kind: 'cut' } : genuine(judged, answerType)
    case 'cut-connection':
      return { kind: 'cut' }
    case 'error':
      return isRefused
        ? genuine(judged, answerType)
        : genuine(failure(errorFault(struck), traceId), answerType)
    case 'throttle': {
      if (isRefused) return genuine(judged, answerType)
      const { headers, ...answer } = failure(throttleFault(struck), traceId)
      const used = { ...headers, ...usageHeaders(struck, pageId) }
      return genuine({ ...answer, headers: used }, answerType)
    }
    case 'cut-json': {
      const body = judged === null ? '{"recipient_id":"' : graphJson(judged.body)
      const half = body.slice(0, Math.ceil(body.length / 2))
      return { kind: 'whole', status: 200, headers: { 'content-type': answerType }, body: half }
    }
    case 'html':
      return {
        kind: 'whole',
        status: struck.status,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>',
      }
    case 'empty':
      return { kind: 'whole', status: struck.status, headers: {}, body: '' }
    default:
      return assertNever(struck)
  }
}

/** A fault by its name, each member replaced that the knob gives. */
function errorFault(struck: Extract<StruckAnswer, { kind: 'error' }>): Fault {
  const { name, status, code, subcode, message, transient } = struck
  const named = name === undefined ? UNNAMED : faultOf(name, {})
  return {
    ...named,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code, message: `(#${code}) An unknown error has occurred.` }),
    ...(message === undefined ? {} : { message }),
    ...(subcode === undefined ? {} : { subcode }),
    ...(transient === undefined ? {} : { transient }),
  }
}

const UNNAMED: Fault = { status: 400, code: 1, message: '(#1) An unknown error has occurred.' }

const THROTTLES = {
  4: 'app-limit',
  17: 'user-limit',
  32: 'page-limit',
  341: 'app-rate',
  613: 'call-rate',
  80006: 'messenger-limit',
} as const

type Throttle = Extract<StruckAnswer, { kind: 'throttle' }>

function throttleFault({ code, status }: Throttle): Fault {
  return { ...faultOf(THROTTLES[code], {}), status }
}

function usageHeaders({ code, regainMinutes }: Throttle, pageId: string | null): Headers {
  if (code === 4 || code === 17 || code === 341) return appUsageHeaders(100)
  const type = 'messenger'
  return pageUsageHeaders({ pageId: pageId ?? '0', type, percent: 100, regainMinutes })
}
