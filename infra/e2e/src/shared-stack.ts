/** Starts one stack for all end-to-end files that break nothing; the others start their own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStackSettings, type StackFile, startStack } from '@otn/stack'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackFile
    /** Folder of the stack: logs, secrets. */
    stackHome: string
  }
}

/** Called by vitest; the returned function tears down. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'otn-e2e-'))
  const stack = await startStack({
    settings: readStackSettings({ ...process.env, OTN_HOME: home }),
    keepData: false,
    say: (line) => process.stdout.write(`${line}\n`),
    onGiveUp: (reason) => process.stdout.write(`${reason}\n`),
  })
  project.provide('stack', JSON.parse(JSON.stringify(stack.file)))
  project.provide('stackHome', home)
  return async () => {
    await stack.stop()
    rmSync(home, { recursive: true, force: true })
  }
}
