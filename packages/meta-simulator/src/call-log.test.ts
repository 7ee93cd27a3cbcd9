import { expect, test } from 'vitest'

import { CallLog, type LoggedCall } from './call-log.ts'

const call = (token: string | null): LoggedCall => ({
  ...{ atMs: 0, pageId: null, psid: null, token, metadata: null },
  ...{ outcome: 'delivered', code: null, subcode: null, knobId: null, answered: 'genuine' },
})

test('every call is counted once, also those that are no longer kept', () => {
  const log = new CallLog()
  for (let round = 0; round < 30_000; round += 1) {
    log.add(call(round % 3 === 0 ? null : `t${round % 3}`))
    if (round % 7_000 === 0) log.callsWith('t1')
  }
  expect([log.callsWith('t1'), log.callsWith('t2'), log.callsWith('t3')]).toEqual([
    10_000, 10_000, 0,
  ])
  expect([log.count(), log.recent().length]).toEqual([30_000, 10_000])
})
