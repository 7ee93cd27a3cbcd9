import { describe, expect, test } from 'vitest'
import type { CellResult } from './cell-result.ts'
import { drillPicture } from './picture.ts'

const fault = { id: 'kill call.after', fromMs: 1_000, toMs: 2_000, exposed: 3, missed: null }
const result: CellResult = {
  ...{
    name: 'a & b',
    family: 'dispatcher',
    seed: 7,
    exposed: 3,
    findings: [],
    troubles: [],
    doubts: [],
  },
  faults: [fault, { ...fault, id: 'freeze call.wire', missed: 'waited in vain' }],
  commands: { total: 50, inDoubt: 1 },
  samples: [
    { atMs: 0, published: 0, open: 0, consents: 0, delivered: 0 },
    { atMs: 2_000, published: 9, open: 6, consents: 9, delivered: 3 },
  ],
  ...{ seconds: 10, restSeconds: 2 },
}

describe('the picture of a drill', () => {
  const svg = drillPicture([result], 'the line')

  test('has a mark for each fault that struck, named, and none for one that did not', () => {
    expect(svg.match(/<line class="mark kill"[^>]*><title>kill call.after/g)).toHaveLength(1)
    expect(svg).not.toContain('freeze call.wire')
  })

  test('draws the commands under way: the most of them at the top of its lane', () => {
    const points = /points="([^"]+)"/.exec(svg)?.[1]?.split(' ') ?? []
    const heights = points.map((point) => Number(point.split(',')[1]))
    expect(heights).toHaveLength(4)
    expect(Math.min(...heights)).toBe(heights[2])
  })

  test('shows the counters of the data, and escapes what it is given', () => {
    expect(svg).toMatch(/>1<\/text><text[^>]*>faults</)
    expect(svg).toMatch(/>50<\/text><text[^>]*>commands</)
    expect(svg).toMatch(/>0<\/text><text[^>]*>doubled</)
    expect(svg).toContain('a &amp; b')
  })
})
