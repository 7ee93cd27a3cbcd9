import { performance } from 'node:perf_hooks'

import type { GraphWatch } from '../http/graph-server.ts'
import type { Witness } from './witness.ts'

/** Looks on at every call of the Graph side and at what its caller got. */
export function watchGraphSide(witness: Witness, nowMs: () => number): GraphWatch {
  return (arrived, reply) => {
    const call = witness.sawCall(arrived, nowMs())
    const startedAt = performance.now()
    // Fires for a connection that was cut, too; `finish` would not.
    reply.on('close', () => {
      call.tookMs = performance.now() - startedAt
      if (!reply.writableFinished) call.answer = { kind: 'cut' }
    })
    return (answer) => {
      const { kind } = answer
      call.answer = kind === 'cut' ? null : { kind, status: answer.status, body: answer.body }
    }
  }
}
