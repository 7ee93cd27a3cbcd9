/** Which code a long run ran: its sums say so, and a seed of them can be replayed there. */
import { execFileSync } from 'node:child_process'

/** The commit, 12 digits, with `-changed` where the files differ from it. */
export function codeVersion(root: string): string {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()
  const commit = git('rev-parse', '--short=12', 'HEAD')
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}-changed`
}
