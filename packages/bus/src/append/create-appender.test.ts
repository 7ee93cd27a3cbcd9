import { isAppError } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { FakeKafka } from '../../test/support/fake-kafka.ts'
import { silentLog } from '../bus-log.ts'
import { partitionOfKey } from '../murmur2.ts'
import type { OutRecord } from '../record.ts'
import { topicNames } from '../topic-names.ts'
import { appendOutcomes } from './append-call.ts'
import type { AppenderOptions } from './appender.ts'
import { createAppender } from './create-appender.ts'

const KEYS = keysPerPartition(12)

describe('an appender', () => {
  test('sends what gathered during a send together in the next', async () => {
    const { kafka, appender } = start()
    kafka.hold()
    const first = appender.append([record(0, 'first')])
    await until(() => kafka.sends === 1)
    const others = Array.from({ length: 40 }, (_, n) => appender.append([record(n % 12, `${n}`)]))
    kafka.letGo()
    await Promise.all([first, ...others])
    expect(kafka.sends).toBe(2)
    expect(kafka.misuse).toBeUndefined()
  })

  test('sends what came in one turn of the event loop together', async () => {
    const { kafka, appender } = start()
    await Promise.all([1, 2, 3].map((partition) => appender.append([record(partition, 'x')])))
    expect(kafka.sends).toBe(1)
  })

  test('answers with the position of each record, in the order given', async () => {
    const { kafka, appender } = start()
    const positions = await appender.append([record(3, 'a'), record(1, 'b'), record(3, 'c')])
    expect(positions).toEqual([
      { topic: 'optIn', partition: 3, offset: 0n },
      { topic: 'optIn', partition: 1, offset: 0n },
      { topic: 'optIn', partition: 3, offset: 1n },
    ])
    expect(kafka.log.get('optIn/3')).toEqual(['a', 'c'])
  })

  test('sends again what the reply of its own send leaves out', async () => {
    const { kafka, appender } = start()
    kafka.fates.push('short-reply')
    await appender.append([record(1, 'a'), record(2, 'b'), record(3, 'c'), record(4, 'd')])
    expect([...kafka.log.values()].flat().sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(appender.state.producersReplacedTotal).toBe(1)
    expect(kafka.misuse).toBeUndefined()
  })

  test('sends nothing whose time was over while the process stood still', async () => {
    const { kafka, appender } = start()
    kafka.hold()
    const first = appender.append([record(0, 'first')])
    await until(() => kafka.sends === 1)
    const late = appender.append([record(1, 'late')], { deadlineMs: 30 })
    const fromMs = performance.now()
    while (performance.now() - fromMs < 60);
    // The answer to the first send is heard before any timer.
    kafka.letGo()
    await expect(late).rejects.toMatchObject({ code: 'OTN_BUS_NOT_ACKNOWLEDGED' })
    await first
    expect(kafka.log.get('optIn/1')).toBeUndefined()
  })

  test('tries one partition per send after a send failed', async () => {
    const { kafka, appender } = start()
    kafka.fates.push('refused')
    await appender.append([record(1, 'a'), record(2, 'b'), record(2, 'c')])
    expect(kafka.partitionsPerSend.slice(1)).toEqual([['optIn/1'], ['optIn/2']])
  })

  test('rejects only the callers with a record in a partition that fails alone too', async () => {
    const { kafka, appender } = start()
    kafka.unwritable.add('optIn/2')
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((partition) => appender.append([record(partition, `${partition}`)])),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const error = await appender
      .append([record(1, 'x'), record(2, 'y')])
      .catch((reason: unknown) => reason)
    expect(isAppError(error, 'OTN_BUS_PARTITION_REFUSED')).toBe(true)
    expect(appendOutcomes(error)).toEqual([{ outcome: 'not-sent' }, { outcome: 'not-sent' }])
  })

  test('lets a refused partition heal: one second later a record tries it', async () => {
    const { kafka, appender } = start()
    kafka.unwritable.add('optIn/2')
    await expect(appender.append([record(2, 'a')])).rejects.toThrow()
    expect(appender.state.refusedPartitions).toMatchObject([{ topic: 'optIn', partition: 2 }])
    kafka.unwritable.clear()
    await until(() => appender.state.refusedPartitions[0]?.retryInMs === 0)
    await appender.append([record(2, 'b')])
    expect(appender.state.refusedPartitions).toEqual([])
  })

  test('tells what became of each record of a failed append', async () => {
    const { kafka, appender } = start()
    kafka.unwritable.add('optIn/2')
    const error = await appender
      .append([record(1, 'a'), record(2, 'b')])
      .catch((reason: unknown) => reason)
    expect(isAppError(error, 'OTN_BUS_NOT_ACKNOWLEDGED')).toBe(true)
    expect(appendOutcomes(error).map(({ outcome }) => outcome)).toEqual(['acknowledged', 'unknown'])
  })

  test('answers a caller at its deadline, and lets what is in flight end', async () => {
    const { kafka, appender } = start()
    kafka.hold()
    const error = await appender.append([record(1, 'a')], { deadlineMs: 30 }).catch((e) => e)
    expect(isAppError(error, 'OTN_BUS_NOT_ACKNOWLEDGED')).toBe(true)
    expect(appendOutcomes(error)).toEqual([{ outcome: 'unknown' }])
    kafka.letGo()
    await until(() => kafka.log.get('optIn/1')?.length === 1)
  })

  test('gives up a send that has no end and settles its records by another', async () => {
    const { kafka, appender } = start({ sendLimitMs: 40 })
    kafka.fates.push('silent')
    await appender.append([record(1, 'a')])
    expect(kafka.log.get('optIn/1')).toEqual(['a'])
  })

  test('is full at once when too many records, too many bytes or too old ones wait', async () => {
    const options = { queueRecordsMax: 3, queueBytesMax: 2_000, queueAgeMaxMs: 50 }
    const { kafka, appender } = start(options)
    kafka.hold()
    const waiting = [appender.append([record(1, 'in flight')])]
    await until(() => kafka.sends === 1)
    waiting.push(appender.append([record(1, 'x')]))
    await expect(appender.append([record(1, 'y'.repeat(1_900))])).rejects.toThrow(/bytes/)
    waiting.push(appender.append([record(1, 'x'), record(1, 'x')]))
    await expect(appender.append([record(1, 'x')])).rejects.toMatchObject({ code: 'OTN_BUS_FULL' })
    kafka.letGo()
    await Promise.all(waiting)
    kafka.hold()
    const again = [appender.append([record(1, 'in flight')])]
    await until(() => kafka.sends === 3)
    again.push(appender.append([record(1, 'x')]))
    await until(() => appender.state.oldestMs > 50)
    await expect(appender.append([record(1, 'x')])).rejects.toMatchObject({ code: 'OTN_BUS_FULL' })
    kafka.letGo()
    await Promise.all(again)
  })

  test('takes records for other partitions, however long one is under trial', async () => {
    const { kafka, appender } = start({ queueAgeMaxMs: 20, sendLimitMs: 300 })
    kafka.fates.push('refused', 'silent')
    const tried = appender.append([record(2, 'tried')]).catch((error: unknown) => error)
    await until(() => kafka.sends === 2)
    const waiting = appender.append([record(2, 'waits')]).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 40))
    await expect(appender.append([record(1, 'x')])).resolves.toHaveLength(1)
    expect(isAppError(await tried, 'OTN_BUS_NOT_ACKNOWLEDGED')).toBe(true)
    expect(isAppError(await waiting, 'OTN_BUS_PARTITION_REFUSED')).toBe(true)
  })

  test('goes on with what came for a partition while its trial went well', async () => {
    const { kafka, appender } = start()
    kafka.fates.push('refused')
    kafka.hold()
    const tried = appender.append([record(2, 'tried')])
    await until(() => kafka.sends === 1)
    kafka.step()
    await until(() => kafka.sends === 2)
    const later = appender.append([record(2, 'later')])
    kafka.letGo()
    await Promise.all([tried, later])
    expect(kafka.log.get('optIn/2')).toEqual(['tried', 'later'])
  })

  test('never lets a partition that failed ride with others that waited beside it', async () => {
    const { kafka, appender } = start()
    kafka.unwritable.add('optIn/2')
    kafka.hold()
    const first = appender.append([record(1, 'a'), record(2, 'b')]).catch(() => [])
    await until(() => kafka.sends === 1)
    const waiting = [3, 2, 4].map((partition) => appender.append([record(partition, 'w')]))
    const settled = Promise.allSettled(waiting)
    kafka.letGo()
    await first
    const outcomes = (await settled).map(({ status }) => status)
    expect(outcomes).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const mixed = kafka.partitionsPerSend.slice(1).filter((it) => it.length > 1)
    expect(mixed.flat()).not.toContain('optIn/2')
  })

  test('sends one by one what is too large together, and blames no partition', async () => {
    const { kafka, appender } = start()
    kafka.recordsMax = 1
    await appender.append([record(2, 'a'), record(2, 'b'), record(2, 'c')])
    expect(kafka.log.get('optIn/2')).toEqual(['a', 'b', 'c'])
    kafka.recordsMax = 0
    await expect(appender.append([record(2, 'd')])).rejects.toMatchObject({
      code: 'OTN_BUS_RECORD_TOO_LARGE',
    })
    expect(appender.state.refusedPartitions).toEqual([])
  })

  test('refuses a record above the limit before anything is queued', async () => {
    const { kafka, appender } = start()
    const large = record(1, 'x'.repeat(1024 * 1024))
    const appended = appender.append([record(2, 'small'), large])
    await expect(appended).rejects.toMatchObject({ code: 'OTN_BUS_RECORD_TOO_LARGE' })
    expect(kafka.sends).toBe(0)
  })

  test('keeps records while Kafka is away and sends them when it is back in time', async () => {
    const { kafka, appender } = start()
    kafka.isReachable = false
    const appended = appender.append([record(1, 'a')])
    await until(() => !appender.state.isReachable)
    kafka.isReachable = true
    await expect(appended).resolves.toHaveLength(1)
    expect(appender.state.refusedPartitions).toEqual([])
  })

  test('tells that Kafka is unreachable at the deadline', async () => {
    const { kafka, appender } = start()
    kafka.isReachable = false
    const error = await appender.append([record(1, 'a')], { deadlineMs: 50 }).catch((e) => e)
    expect(isAppError(error, 'OTN_BUS_UNREACHABLE')).toBe(true)
    expect(appendOutcomes(error)).toEqual([{ outcome: 'not-sent' }])
  })

  test('drains on close, then takes nothing more', async () => {
    const { kafka, appender } = start()
    const appended = [1, 2, 3].map((partition) => appender.append([record(partition, 'x')]))
    await appender.close(1_000)
    await Promise.all(appended)
    expect([...kafka.log.values()].flat()).toHaveLength(3)
    await expect(appender.append([record(1, 'x')])).rejects.toMatchObject({
      code: 'OTN_BUS_CLOSED',
    })
  })

  test('ends in time when what is in flight does not', async () => {
    const { kafka, appender } = start({ sendLimitMs: 60_000 })
    kafka.fates.push('silent')
    const appended = appender.append([record(1, 'x')])
    const closing = expect(appended).rejects.toMatchObject({ code: 'OTN_BUS_CLOSED' })
    await appender.close(50)
    await closing
  })
})

function start(options: AppenderOptions = {}) {
  const kafka = new FakeKafka()
  const parts = { connect: kafka.connect, names: topicNames('t.'), log: silentLog }
  return { kafka, appender: createAppender(options, parts) }
}

function record(partition: number, value: string): OutRecord {
  return {
    topic: 'optIn',
    key: KEYS[partition] ?? '',
    value: Buffer.from(value),
    headers: { ce_id: value.slice(0, 32) },
  }
}

function keysPerPartition(partitions: number): readonly string[] {
  const keys: string[] = []
  for (let n = 0; keys.filter(Boolean).length < partitions; n += 1) {
    keys[partitionOfKey(`k${n}`, partitions)] ??= `k${n}`
  }
  return keys
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 3_000) throw new Error('it did not become true within 3 s')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
