import { join } from 'node:path'
import { tryCommand } from './run-command.ts'

const JAVA_OLDEST = 17

/** Small and quick to start: no optimising compiler, no parallel collector, one fixed ceiling. */
export function javaFlags(heapMb: number): string[] {
  return [
    `-Xmx${heapMb}m`,
    '-Xms64m',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xshare:auto',
  ]
}

/** The `java` of JAVA_HOME, else the one on PATH. */
export function javaCommand(env: NodeJS.ProcessEnv = process.env): string {
  return env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java'
}

/** Whether Java is there and new enough. */
export async function hasJava(): Promise<boolean> {
  const { code, output } = await tryCommand(javaCommand(), ['-version'])
  return code === 0 && javaMajor(output) >= JAVA_OLDEST
}

/** 17 out of `openjdk version "17.0.15" …`, 8 out of `"1.8.0"`, 0 when there is none. */
export function javaMajor(output: string): number {
  const version = /version "(?:1\.)?(\d+)/.exec(output)?.[1]
  return version === undefined ? 0 : Number(version)
}
