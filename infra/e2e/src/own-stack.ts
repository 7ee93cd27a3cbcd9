import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStackSettings, type Stack, startStack } from '@otn/stack'

export interface OwnStack extends AsyncDisposable {
  readonly stack: Stack
  readonly home: string
}

/** A stack for one test alone, which may break it; gone when the test ends. */
export async function ownStack(
  options: {
    readonly brokers?: 1 | 3
    readonly serviceEnvironment?: Readonly<Record<string, string>>
  } = {},
): Promise<OwnStack> {
  const home = mkdtempSync(join(tmpdir(), 'otn-e2e-'))
  const replication = String(options.brokers ?? 1)
  const stack = await startStack({
    settings: readStackSettings({
      ...process.env,
      OTN_HOME: home,
      KAFKA_REPLICATION_FACTOR: replication,
    }),
    keepData: false,
    say: () => {},
    onGiveUp: (reason) => process.stdout.write(`${reason}\n`),
    ...options,
  })
  return {
    stack,
    home,
    [Symbol.asyncDispose]: async () => {
      await stack.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
