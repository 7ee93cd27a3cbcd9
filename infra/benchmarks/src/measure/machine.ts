/** What a figure was measured on; said in every table, for no figure means anything without. */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'

export interface Machine {
  readonly line: string
  /** Processes that wanted to run, one and fifteen minutes back. */
  readonly load: readonly [number, number]
}

const GIB = 1024 ** 3
const HASH_LENGTH = 10

export function thisMachine(): Machine {
  const [{ model = 'unknown' } = {}] = cpus()
  const memory = `${(totalmem() / GIB).toFixed(0)} GiB`
  const [one = 0, , fifteen = 0] = loadavg()
  const load = [round(one), round(fifteen)] as const
  const parts = [
    `${cpus().length} × ${model}`,
    memory,
    `${type()} ${release()}`,
    `node ${process.version}`,
  ]
  return { line: `${parts.join(', ')}, load ${load[0]} / ${load[1]}`, load }
}

/**
 * The version of the code under measurement; null where it is not exactly a commit, so that nobody
 * could measure it again.
 * @param folder of the repository
 */
export function codeVersion(folder: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  try {
    const code = ['services', 'packages', 'schemas', 'infra', ':!infra/benchmarks/results']
    if (git('status', '--porcelain', '--', ...code).trim() !== '') return null
    return git('rev-parse', 'HEAD').trim().slice(0, HASH_LENGTH)
  } catch {
    return null
  }
}

function round(load: number): number {
  return Number(load.toFixed(1))
}
