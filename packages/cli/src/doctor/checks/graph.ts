import { defineCheck } from '../check.ts'
import { ok } from '../finding.ts'
import type { Place } from '../place.ts'
import { platformSettings } from '../settings.ts'
import { type Clocks, judgeSkew } from './skew.ts'

const TIMEOUT_MS = 8_000
/** A `Date` header says whole seconds. */
const HEADER_MS = 1_000

export interface GraphAnswer {
  readonly host: string
  /** Null where the answer names no instant. */
  readonly clocks: Clocks | null
}

export const graph = defineCheck({
  id: 'graph',
  needs: ['stack-file'],
  settings: { of: platformSettings, unset: 'warn' },
  read: askGraphHost,
  judge: ({ host }: GraphAnswer) => [ok(`the Graph API answers at ${host}`)],
})

export const graphClock = defineCheck({
  id: 'graph-clock',
  needs: ['graph'],
  read: askGraphHost,
  judge: ({ host, clocks }: GraphAnswer) =>
    clocks === null ? [ok(`${host} names no time to compare with`)] : judgeSkew(host, clocks),
})

/** Any answer will do: it is asked without a token, for nothing. */
async function askGraphHost({ context, shell }: Place): Promise<GraphAnswer> {
  const { graphBaseUrl } = context.read(platformSettings)
  const { host } = new URL(graphBaseUrl)
  const before = shell.nowMs()
  const response = await shell.fetch(graphBaseUrl, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  await response.arrayBuffer()
  const theirsMs = Date.parse(response.headers.get('date') ?? '')
  const oursMs = shell.nowMs()
  const uncertainMs = oursMs - before + HEADER_MS
  return { host, clocks: Number.isNaN(theirsMs) ? null : { theirsMs, oursMs, uncertainMs } }
}
