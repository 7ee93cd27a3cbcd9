/** The ingress as a process of its own, to be ended by signals and by its own fault points. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freePort } from '@otn/engines'
import { ingressEnv, type Place, until } from './running-ingress.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface IngressProcess {
  readonly url: string
  readonly output: () => string
  readonly signal: (name: NodeJS.Signals) => void
  readonly exited: Promise<number | null>
  readonly hasExited: () => boolean
}

export async function launchIngress(
  place: Place,
  more: Readonly<Record<string, string>> = {},
): Promise<IngressProcess> {
  const port = more.INGRESS_PORT ?? String(await freePort())
  const env = await ingressEnv(place, { ...more, INGRESS_PORT: port })
  const child = spawn(process.execPath, [MAIN], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    signal: (name) => void child.kill(name),
    exited,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
  }
}

export async function ready({ url, output, hasExited }: IngressProcess): Promise<void> {
  const answers = () => fetch(`${url}/health/ready`).catch(() => null)
  await until('the ingress is ready', async () => {
    if (hasExited()) throw new Error(`the ingress ended: ${output()}`)
    return (await answers())?.status === 200
  })
}
