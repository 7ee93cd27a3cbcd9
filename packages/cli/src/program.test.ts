import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { run, wordsOf } from './fake-shell.ts'
import { createProgram } from './program.ts'

/** Every command that does something, by the words that lead to it. */
function leavesOf(command: Command, path: readonly string[] = []): readonly (readonly string[])[] {
  const below = command.commands.filter((child) => child.name() !== 'help')
  if (below.length === 0) return [path]
  return below.flatMap((child) => leavesOf(child, [...path, child.name()]))
}

/** They read no setting, so they do what they say wherever they are. */
const ANYWHERE = ['doctor', 'faq', 'rules list', 'rules show', 'seeds', 'support bundle', 'why']

/** Files that examples name, with nothing in them. */
const FILES = {
  ...{ '/repo/pages.json': '[]', '/repo/login.txt': 'token', '/dev/stdin': 'token' },
  ...{ '/repo/rules.json': '{}', '/repo/today.json': '{}', '/repo/answers.json': '{}' },
}

const program = createProgram({ shell: {} as never, finish: () => {} })
const leaves = leavesOf(program).map((path) => path.join(' '))

describe('help', () => {
  test('covers every command', () => {
    expect(leaves.length).toBeGreaterThan(10)
  })

  test.each(leaves)('%s begins with examples that the parser takes', async (leaf) => {
    const { out } = await run(`${leaf} --help`)
    expect(out.trimStart().startsWith('Examples:')).toBe(true)
    const examples = [...out.matchAll(/^ {2}\$ pnpm otn (.+)$/gm)].map(([, line = '']) => line)
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(example.startsWith(leaf)).toBe(true)
      // Without settings each ends at the first one it misses: later than any fault of usage.
      const { code, err } = await run(example, { env: {}, files: FILES })
      const ended = ANYWHERE.includes(leaf) ? /→ [01] / : /→ 78 /
      expect(`${wordsOf(example).join(' ')} → ${code} ${err.slice(0, 60)}`).toMatch(ended)
    }
  })

  test('takes no secret as a flag', async () => {
    for (const leaf of leaves) {
      const { out } = await run(`${leaf} --help`)
      expect(out).not.toMatch(/--\S*(secret|password|pepper|master|api-key|access)/i)
    }
  })
})
