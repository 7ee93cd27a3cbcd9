import { appError } from '@otn/kernel'
import { expect, test } from 'vitest'
import { onGround } from './on-ground.ts'
import { planDrill } from './plan.ts'
import { isClean, tableOf } from './report.ts'

test('a ground that a machine cannot give is a trouble of each of its cells', async () => {
  const message = 'kafka-1: no small disk can be made here.'
  const refused = () => Promise.reject(appError('OTN_ENGINE_MISSING', { message }))
  const [plan] = planDrill({ seed: 7, only: ['disk'] })
  if (plan === undefined) throw new Error('a drill has a cell for full disks')
  const said: string[] = []
  const results = await onGround(plan, (line) => said.push(line), refused)
  const why = `the disk ground could not be made: ${message}`
  expect(said).toContain(`✖ ${why}`)
  expect(results.map(({ name, troubles }) => [name, troubles])).toEqual([['disk', [why]]])
  expect(tableOf(results).at(-1)).toContain(why)
  expect(isClean(results)).toBe(false)
})
