import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkOutPrevious } from './previous-version.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
let root: string
let ran: string[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'otn-previous-'))
  ran = []
  mkdirSync(join(root, 'infra/chaos'), { recursive: true })
  name(`${COMMIT}\n`)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function name(text: string): void {
  writeFileSync(join(root, 'infra/chaos/previous-version'), text)
}

/** Programs that do what they would do to files; this one knows these commits. */
function surroundings(commits: readonly string[]) {
  const run = async (program: string, args: readonly string[]) => {
    const what = `${program} ${args.join(' ')}`
    ran.push(what)
    if (args.includes('cat-file') && !commits.some((commit) => what.includes(commit))) {
      throw new Error(`Command failed: ${what}`)
    }
    if (!args.includes('clone')) return
    const folder = args.at(-1) ?? ''
    if (existsSync(folder)) throw new Error(`fatal: destination path '${folder}' already exists`)
    mkdirSync(folder, { recursive: true })
  }
  return { root, run }
}

const folder = () => join(root, '.otn', `version-${COMMIT}`)

describe('the version before this one', () => {
  test('that is not in this clone is told so each time, and nothing is left behind', async () => {
    const why =
      `infra/chaos/previous-version names ${COMMIT}, which is not in this clone: ` +
      'fetch the whole history (git fetch --unshallow)'
    for (let time = 0; time < 2; time += 1) {
      await expect(checkOutPrevious(surroundings([]))).rejects.toThrow(why)
    }
    expect(existsSync(folder())).toBe(false)
  })

  test('is checked out once, and anew where an earlier try ended half-way', async () => {
    mkdirSync(join(folder(), 'node_modules'), { recursive: true })
    expect(await checkOutPrevious(surroundings([COMMIT]))).toBe(folder())
    expect(ran.map((what) => what.split(' ')[0])).toEqual(['git', 'git', 'git', 'npx'])
    mkdirSync(join(folder(), 'node_modules'))
    writeFileSync(join(folder(), 'node_modules/.modules.yaml'), '')
    ran = []
    expect(await checkOutPrevious(surroundings([COMMIT]))).toBe(folder())
    expect(ran).toEqual([])
  })

  test('that is named by no commit is refused by what stands there', async () => {
    name('v1.0.0\n')
    await expect(checkOutPrevious(surroundings([]))).rejects.toThrow(
      'infra/chaos/previous-version: got "v1.0.0", wanted the 40 hex digits of a commit',
    )
  })
})
