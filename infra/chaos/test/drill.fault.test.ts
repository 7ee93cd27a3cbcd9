import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exercise } from '../src/drill/exercise.ts'
import { type Ground, openGround } from '../src/drill/ground.ts'
import { planDrill } from '../src/drill/plan.ts'
import { isClean, lineOf } from '../src/drill/report.ts'
import { type CellPlan, runCell } from '../src/drill/run-cell.ts'

let ground: Ground
beforeAll(async () => {
  ground = await openGround('single', () => {})
})
afterAll(async () => ground?.[Symbol.asyncDispose]())

const cells = planDrill({ seed: 1, only: [] }).flatMap((plan) => plan.cells)

/** A small cell with a few faults of the whole drill. */
function small(name: string, exercises: readonly Exercise[]): CellPlan {
  const [like] = cells
  if (like === undefined) throw new Error('a drill has cells')
  return { ...like, options: { ...like.options, name }, exercises, endsWithRebuild: true }
}

function exercise(family: string, id: string): Exercise {
  const found = cells.find((cell) => cell.family === family)?.exercises.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no exercise ${id} in ${family}`)
  return found
}

describe('a drill on real engines', () => {
  test('[S0-04] [S0-24] [U1] each service killed in the middle of its work: nothing lost, nothing doubled', async () => {
    const plan = small('small', [
      exercise('dispatcher', 'kill call.after'),
      exercise('dispatcher', 'lose decide'),
      exercise('dispatcher', 'kill tell.after'),
      exercise('token-ledger', 'kill apply.after'),
      exercise('ingress', 'kill acknowledge.after'),
      exercise('graph', 'delivered, then cut'),
    ])
    const result = await runCell(ground, plan, () => {})
    expect(result.faults.map(({ missed }) => missed)).toEqual(plan.exercises.map(() => null))
    expect(result.troubles).toEqual([])
    expect(result.findings).toEqual([])
    expect(isClean([result])).toBe(true)
    expect(result.exposed).toBeGreaterThan(0)
    expect(lineOf([result])).toMatch(/^faults 6 · exposed \d+ · lost 0 · doubled 0 · false verd/)
  })

  test('finds what went out past the dispatcher: it can fail', async () => {
    const saboteur: Exercise = {
      family: 'graph',
      id: 'a message that nobody asked for',
      run: async ({ meta }) => {
        const [page] = meta.pages
        const pageId = page?.pageId ?? ''
        const { token } = await meta.tap({ pageId, payload: 'otn1:restock-9:' })
        await meta.send({ pageId, token, message: { text: 'Nobody asked for this' } })
      },
    }
    const result = await runCell(ground, small('sabotaged', [saboteur]), () => {})
    expect(result.findings.map(({ code }) => code)).toContain('delivery-unattempted')
    expect(isClean([result])).toBe(false)
  })
})
