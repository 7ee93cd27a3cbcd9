import { expect, test } from 'vitest'
import { VirtualTime } from '../../test/support/virtual-time.ts'
import { LanePace } from './lane-pace.ts'

function createScene() {
  const time = new VirtualTime()
  const state = { share: 1 }
  const pace = new LanePace({
    ceilings: { text: 102, media: 10 },
    share: () => state.share,
    ready: async () => {},
    ofApp: () => 1,
    ...{ machineMs: () => time.nowMs, sleep: time.sleep },
  })
  return { time, state, pace }
}

test('who asks at once gets turns one after another, evenly, and who is too late comes again', async () => {
  const { time, pace } = createScene()
  const turns: number[] = []
  const later: number[] = []
  for (let asker = 0; asker < 150; asker += 1) {
    void pace.turn('text').then((ms) => (ms === 0 ? turns.push(time.nowMs) : later.push(ms)))
  }
  await time.run()
  // A tenth of a second is made up for at once; then one comes each 10 ms, up to a second ahead.
  const waited = turns.filter((at) => at > 0)
  expect([turns.length - waited.length, waited.length]).toEqual([11, 100])
  expect(waited.map((at, index) => at - 10 * index)).toEqual(waited.map(() => 10))
  // The others are sent away with turns of their own.
  expect(later).toHaveLength(39)
  expect(later.map((ms, index) => Math.round(ms - 10 * index))).toEqual(later.map(() => 1_000))
})

test('text and media have a pace each, and nobody has a turn of a share of nothing', async () => {
  const { time, state, pace } = createScene()
  const turns: string[] = []
  for (let call = 0; call < 11; call += 1) {
    for (const kind of ['media', 'text'] as const) {
      void pace.turn(kind).then((ms) => turns.push(`${kind} ${ms === 0} ${time.nowMs < 10}`))
    }
  }
  await time.run()
  const count = (wanted: string) => turns.filter((turn) => turn === wanted).length
  expect([count('text true true'), count('media true true')]).toEqual([11, 2])
  state.share = 0
  expect(await pace.turn('text')).toBeGreaterThan(0)
})

test('tells what was used of the ceilings since it was asked last, and whether some waited', async () => {
  const { time, pace } = createScene()
  for (let call = 0; call < 5; call += 1) void pace.turn('media')
  await time.run(1_000)
  expect(pace.takeUse()).toEqual({ used: 0.5, isShort: true })
  time.nowMs = 2_000
  await pace.turn('text')
  expect(pace.takeUse()).toEqual({ used: 1 / 102, isShort: false })
})
