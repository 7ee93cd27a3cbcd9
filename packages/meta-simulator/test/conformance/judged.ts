import { expect } from 'vitest'
import { type Mark, type Row, shown } from './row.ts'

/** Codes, and the bodies that get them. */
export type Cases = readonly (readonly [string, object])[]

/** A body to a person inside the window, and the code it gets. */
export function judged(name: readonly [string, Mark, string], cases: Cases): Row {
  return shown(name, async ({ psid, send, write }) => {
    await write()
    for (const [code, body] of cases) {
      expect([body, (await send({ recipient: { id: psid }, ...body })).code]).toEqual([body, code])
    }
  })
}
