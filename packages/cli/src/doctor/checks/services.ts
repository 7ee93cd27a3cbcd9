/** Whether each service is there and ready, by its own word. */
import { dispatcherSettings, ingressHealthSettings, ledgerSettings } from '../../cli-settings.ts'
import { type Check, defineCheck } from '../check.ts'
import { type Finding, ok, toFix } from '../finding.ts'
import type { Place } from '../place.ts'

const TIMEOUT_MS = 5_000
const REASONS_MAX = 5

interface Facts {
  readonly name: string
  /** Null = it does not answer. */
  readonly answer: { readonly status: number; readonly reasons: readonly string[] } | null
}

type DoorSettings = typeof ledgerSettings | typeof dispatcherSettings | typeof ingressHealthSettings

export const ledger = serviceCheck('token-ledger', ledgerSettings)
export const dispatcher = serviceCheck('dispatcher', dispatcherSettings)
export const ingress = serviceCheck('ingress', ingressHealthSettings)

function serviceCheck(name: string, settings: DoorSettings): Check {
  return defineCheck<Facts>({
    id: name,
    needs: ['stack-file'],
    settings: { of: settings, unset: 'fix' },
    read: async (place) => ({ name, answer: await askReady(place, settings) }),
    judge: judgeService,
  })
}

async function askReady(
  { context, shell }: Place,
  settings: DoorSettings,
): Promise<Facts['answer']> {
  const { url } = context.read(settings)
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await shell.fetch(new URL('/health/ready', url), { signal })
    const body: { readonly reasons?: unknown } = Object(await response.json().catch(() => null))
    const reasons = Array.isArray(body.reasons) ? body.reasons.map(String) : []
    return { status: response.status, reasons }
  } catch {
    return null
  }
}

export function judgeService({ name, answer }: Facts): readonly Finding[] {
  if (answer === null) {
    return [toFix(`the ${name} does not answer`, `pnpm stack up, or start the ${name}`)]
  }
  if (answer.status === 200) return [ok(`the ${name} is ready`)]
  const said = answer.reasons.slice(0, REASONS_MAX).join('; ') || `it answers ${answer.status}`
  return [toFix(`the ${name} is not ready: ${said}`, `see the log of the ${name}`)]
}
