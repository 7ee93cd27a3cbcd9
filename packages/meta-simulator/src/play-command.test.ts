import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startSimulator } from './index.ts'
import { playCommand } from './play-command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'otn-play-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function play(...args: readonly string[]) {
  const written: string[] = []
  const code = await playCommand(args, {
    out: (text) => written.push(text),
    err: (text) => written.push(text),
  })
  return { code, text: written.join('') }
}

function fileOf(steps: readonly object[]): string {
  const path = join(folder, 'scenario.json')
  writeFileSync(path, JSON.stringify({ name: 'Mine', says: 's', steps }))
  return path
}

describe('otn-meta-simulator play', () => {
  test('plays a file on a simulator of its own and says what each step did', async () => {
    const { code, text } = await play(fileOf([{ do: 'ask', who: 'ada', says: 'Ada is asked.' }]))
    expect(text).toMatch(/^ok {3}1 ask \(.+Z\) {2}Ada is asked\.\nMine: played\n$/)
    expect(code).toBe(0)
  })

  test('plays a shipped scenario by its name, on a simulator that runs already', async () => {
    const simulator = await startSimulator()
    const { code, text } = await play('no-answer', '--url', `${simulator.simulatorUrl}/`, '--json')
    expect([code, JSON.parse(text).ok]).toEqual([0, true])
    expect(simulator.truth().deliveries.filter(({ route }) => route === 'token')).toHaveLength(2)
    await simulator.close()
  })

  test('ends with 1 and the difference where something is not as claimed', async () => {
    const steps = [
      { do: 'ask', who: 'ada' },
      { do: 'expect', who: 'ada', tokens: ['SPENT'] },
    ]
    const { code, text } = await play(fileOf(steps))
    expect(code).toBe(1)
    expect(text).toContain('FAIL 2 expect')
    expect(text).toContain('tokens is [], wanted is ["SPENT"]')
  })

  test.each([
    [[], 64, /usage/],
    [['a', 'b'], 64, /usage/],
    [['first-walk', '--loud'], 64, /usage/],
    [['nowhere.json'], 64, /nowhere\.json: no such file, and none of first-walk, /],
    [['first-walk', '--url', 'http://127.0.0.1:1'], 69, /does not answer/],
  ] as const)('%j ends with %i', async (args, code, text) => {
    const played = await play(...args)
    expect(played.code).toBe(code)
    expect(played.text).toMatch(text)
  })
})
