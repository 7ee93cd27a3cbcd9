import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, readFrames, SEGMENT_HEAD, type SpoolEntry } from './spool-frame.ts'

const entries = fc.array(
  fc.record({
    id: fc.uuid(),
    receivedAtMs: fc.nat(),
    appId: fc.string({ maxLength: 20 }),
    keyId: fc.string({ maxLength: 8 }),
    sealed: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 8 },
)

const fileOf = (all: readonly SpoolEntry[]) =>
  Buffer.concat([SEGMENT_HEAD, ...all.map(encodeFrame)])
const plain = (all: readonly SpoolEntry[]) =>
  all.map(({ sealed, ...head }) => ({ ...head, sealed: sealed.toString('hex') }))

const endsOf = (all: readonly SpoolEntry[]) =>
  all.map((_, index) => fileOf(all.slice(0, index + 1)).length)

describe('a file of the spool', () => {
  test('gives back what was put there, in its order', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const file = fileOf(all)
        const { entries: read, end } = readFrames(file)
        expect(plain(read)).toEqual(plain(all))
        expect(end).toBe(file.length)
      }),
    )
  })

  test('that was cut anywhere gives whole webhooks alone, those before the cut', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.boolean(), (all, seed, withZeros) => {
        const file = fileOf(all)
        const kept = file.subarray(0, seed % (file.length + 1))
        // A crash may also leave a hole of zeros.
        const torn = withZeros ? Buffer.concat([kept, Buffer.alloc(64)]) : kept
        const { entries: read, end } = readFrames(torn)
        expect(plain(read)).toEqual(plain(all).slice(0, read.length))
        expect(end).toBeLessThanOrEqual(torn.length)
        const sizes = all.map((entry) => encodeFrame(entry).length)
        const whole = sizes.filter(
          (_, index) =>
            SEGMENT_HEAD.length + sizes.slice(0, index + 1).reduce((sum, it) => sum + it, 0) <=
            kept.length,
        )
        expect(read.length).toBe(whole.length)
      }),
    )
  })

  test('of which a byte was altered gives the others, and never an altered webhook', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, position, by) => {
        const file = fileOf(all)
        const at = position % file.length
        file[at] = (file[at] ?? 0) ^ by
        const { entries: read, end, isTornTail } = readFrames(file)
        // All but the altered one, in their order, and the file is known to be broken.
        const ends = endsOf(all)
        const struck = ends.findIndex((to) => at < to)
        const isHead = at < SEGMENT_HEAD.length
        expect(plain(read)).toEqual(plain(all).filter((_, index) => isHead || index !== struck))
        expect(end).toBe(isHead ? 0 : (ends[struck - 1] ?? SEGMENT_HEAD.length))
        expect(isTornTail).toBe(!isHead && struck === all.length - 1)
      }),
    )
  })
})
