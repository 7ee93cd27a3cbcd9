import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../../../..')

/** Every file of the repository that git knows or would add, relative to its root. */
export function repositoryFiles(): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })
  return listed.split('\n').filter(Boolean)
}

export function sourceFiles(): readonly string[] {
  const isSource = (file: string) => file.endsWith('.ts') && !file.includes('/generated/')
  return repositoryFiles().filter(isSource)
}

export function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}
