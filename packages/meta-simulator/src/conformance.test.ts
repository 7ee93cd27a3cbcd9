/** Every documented or observed fact of the reference, shown by calls over real HTTP. */
import { afterAll, describe, expect, test } from 'vitest'
import { startMeta } from '../test/conformance/meta.ts'
import type { LeftOutFact, Row, ShownFact } from '../test/conformance/row.ts'
import { section1 } from '../test/conformance/section-1.ts'
import { section2 } from '../test/conformance/section-2.ts'
import { section2Limits } from '../test/conformance/section-2-limits.ts'
import { section3 } from '../test/conformance/section-3.ts'
import { section4 } from '../test/conformance/section-4.ts'
import { section6 } from '../test/conformance/section-6.ts'
import { section7 } from '../test/conformance/section-7.ts'
import { webhookRows } from '../test/conformance/webhooks/rows.ts'

const rows: readonly Row[] = [
  ...section1,
  ...section2,
  ...section2Limits,
  ...section3,
  ...section4,
  ...webhookRows,
  ...section6,
  ...section7,
]
const shown = rows.filter((row): row is ShownFact => 'case' in row)
const leftOut = rows.filter((row): row is LeftOutFact => 'leftOut' in row)

afterAll(() => {
  console.log(`conformance: ${shown.length} facts shown, ${leftOut.length} left out`)
})

describe('[U9] the simulator does what the platform is known to do', () => {
  test.each(shown.map((row) => [row.id, row.mark, row.fact, row] as const))(
    '%s (%s): %s',
    async (_id, _mark, _fact, row) => {
      const meta = await startMeta(row.options)
      try {
        await row.case(meta)
      } finally {
        await meta.close()
      }
    },
  )
})

test('each fact has a name of its own, and what is left out says why', () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  for (const { id, section } of rows) expect(id.startsWith(`${section}-`)).toBe(true)
  for (const row of leftOut) expect(row.leftOut.length).toBeGreaterThan(10)
})
