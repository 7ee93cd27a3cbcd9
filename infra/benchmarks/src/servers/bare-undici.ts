/** A bare part: the same call again and again, over a fixed number of connections. */
import { Pool } from 'undici'
import { byCallers } from '../baselines/group-commit.ts'
import { answerQuestions } from '../measure/worker.ts'
import type { SeenCall } from './bare-graph.ts'

export type BareUndiciQuestion =
  | {
      readonly kind: 'open'
      readonly url: string
      readonly call: SeenCall
      readonly connections: number
      /** The naive form: Node's own `fetch` in place of a pool of undici. */
      readonly isFetch?: boolean
    }
  | { readonly kind: 'call'; readonly count: number }

interface Opened {
  readonly connections: number
  readonly send: () => Promise<unknown>
}

let opened: Opened | undefined

async function answer(question: BareUndiciQuestion): Promise<void> {
  if (question.kind === 'open') {
    const { connections, isFetch = false } = question
    opened = { connections, send: isFetch ? fetched(question) : pooled(question) }
    return
  }
  const { connections, send } = opened ?? { connections: 0, send: async () => {} }
  await byCallers(Array.from({ length: question.count }), connections, send)
}

type Opening = Extract<BareUndiciQuestion, { kind: 'open' }>

function pooled({ url, call: { path, headers, body }, connections }: Opening): Opened['send'] {
  const pool = new Pool(url, { connections, pipelining: 1 })
  return async () => {
    const answer = await pool.request({ method: 'POST', path, headers, body })
    const said = (await answer.body.json()) as { readonly message_id?: string }
    if (said.message_id === undefined) throw new Error('no message id was answered')
  }
}

function fetched({ url, call: { path, headers, body } }: Opening): Opened['send'] {
  return async () => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body })
    const said = (await answer.json()) as { readonly message_id?: string }
    if (said.message_id === undefined) throw new Error('no message id was answered')
  }
}

answerQuestions((question) => answer(question as BareUndiciQuestion))
