import { expect, inject, test } from 'vitest'
import { openGround } from '../src/ground/ground.ts'
import { runGate, sayGated } from '../src/results/run-gate.ts'

const LIMIT_MS = 240_000

/** What it finds is for people to see, also where nothing is wrong. */
function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

test('nothing costs more beside its bare parts than was recorded', {
  timeout: LIMIT_MS,
}, async () => {
  await using ground = openGround(say, inject('engines'))
  const gated = await runGate(ground)
  for (const one of gated) say(sayGated(one))
  expect(gated.filter(({ word }) => word === 'worse').map(sayGated)).toEqual([])
})
