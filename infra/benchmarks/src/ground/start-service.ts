/** A real service, by its own `main.ts`, as a process that can be asked for its CPU time. */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { waitFor } from '@otn/engines'
import { type Deployment, servicePlans } from '@otn/stack'
import { request } from 'undici'
import { startWorker, type Worker } from '../measure/worker.ts'

export interface Service extends Worker {
  readonly url: string
}

export type ServiceName = 'ingress' | 'token-ledger' | 'dispatcher'

const PROBE = pathToFileURL(join(import.meta.dirname, '../servers/probe.ts')).href
const READY_MS = 120_000

/** Resolves once it says that it is ready. @param extra settings beside those of the stack */
export async function startService(
  deployment: Deployment,
  name: ServiceName,
  extra: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const plan = servicePlans(deployment, extra).find((one) => one.name === name)
  if (plan === undefined) throw new Error(`there is no service ${name}`)
  const output = openSync(plan.logFile, 'a')
  const { PATH = '' } = process.env
  const flags = ['--disable-warning=ExperimentalWarning', '--import', PROBE, ...profiling(name)]
  const worker = await startWorker(plan.entry, { env: { PATH, ...plan.env }, flags, output })
  closeSync(output)
  const isReady = async () => {
    const answer = await request(`${plan.url}${plan.readyPath}`).catch(() => null)
    await answer?.body.dump()
    return answer?.statusCode === 200
  }
  const describe = `the ${name} to be ready; its log is ${plan.logFile}`
  await waitFor(isReady, { timeoutMs: READY_MS, describe })
  const stop = async () => {
    await worker.stop('SIGTERM')
  }
  return { ...worker, url: plan.url, [Symbol.asyncDispose]: stop }
}

/** `OTN_BENCH_PROFILE=ingress,token-ledger` writes CPU profiles of these under `.otn/bench`. */
function profiling(name: ServiceName): readonly string[] {
  const { OTN_BENCH_PROFILE: profiled } = process.env
  return profiled?.split(',').includes(name)
    ? ['--cpu-prof', `--cpu-prof-dir=${join('.otn', 'bench')}`]
    : []
}
