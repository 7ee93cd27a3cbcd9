import { kafkaTopics } from '@otn/contracts'
import type { EachBatchPayload } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { silentLog } from '../bus-log.ts'
import { topicNames } from '../topic-names.ts'
import { handleBatch, type SessionContext } from './handle-batch.ts'
import { ProgressTable } from './progress-table.ts'

/** A batch of one record that is done, in a session whose commits go through `aroundCommit`. */
function done(aroundCommit: (commit: () => Promise<void>) => Promise<void>) {
  const happened: string[] = []
  const ended: Error[] = []
  const options = {
    ...{ names: topicNames(''), progress: new ProgressTable(), commits: true, aroundCommit },
    access: { log: silentLog },
    onBatch: async () => ({ kind: 'done' }),
  }
  const context = {
    ...{ options, generation: () => 1, hasEnded: () => false, resumptions: new Set() },
    end: (error: Error) => ended.push(error),
  } as unknown as SessionContext
  const message = { offset: '4', key: null, value: null, timestamp: '0', headers: {} }
  const batch = {
    ...{ topic: kafkaTopics.optIn.name, partition: 0, messages: [message], highWatermark: '5' },
    ...{ isEmpty: () => false, firstOffset: () => '4', lastOffset: () => '4' },
  }
  const payload = {
    ...{ batch, isRunning: () => true, isStale: () => false, heartbeat: async () => {} },
    resolveOffset: (offset: string) => happened.push(`passed ${offset}`),
    commitOffsetsIfNecessary: async () => happened.push('committed'),
  } as unknown as EachBatchPayload
  return { happened, ended, run: () => handleBatch(context, payload) }
}

describe('what stands around the commit', () => {
  test('is passed by the commit of a batch that is done', async () => {
    const commit = done(async (ask) => {
      commit.happened.push('before')
      await ask()
      commit.happened.push('after')
    })
    await commit.run()
    expect(commit.happened).toEqual(['passed 4', 'before', 'committed', 'after'])
  })

  test('may throw as a broken connection does: a hint that failed stops nobody', async () => {
    const commit = done(async (ask) => {
      await ask()
      throw new Error('the answer was lost')
    })
    await commit.run()
    expect([commit.happened, commit.ended]).toEqual([['passed 4', 'committed'], []])
  })
})
