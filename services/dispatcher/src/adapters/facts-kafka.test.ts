import type { OutRecord } from '@otn/bus'
import { expect, test } from 'vitest'
import { createFacts, type FactsParts } from './facts-kafka.ts'

const FACT = { eventId: 'e', key: 'k', value: Buffer.from('v'), headers: {} }

function factsAt(machineMs: () => number) {
  const appended: { readonly records: number; readonly deadlineMs: number | undefined }[] = []
  const append = async (
    records: readonly OutRecord[],
    options: { readonly deadlineMs?: number } = {},
  ) => {
    appended.push({ records: records.length, deadlineMs: options.deadlineMs })
    return []
  }
  const parts = { appender: { append }, deadlineMs: 5_000, machineMs } as unknown as FactsParts
  return { facts: createFacts(parts), appended }
}

test('a fact that is true for so long only is sent in that time', async () => {
  const { facts, appended } = factsAt(() => 1_000)
  await facts.tell([FACT], 3_000)
  await facts.tell([FACT], 60_000)
  await facts.tell([FACT])
  expect(appended.map(({ deadlineMs }) => deadlineMs)).toEqual([2_000, 5_000, 5_000])
})

test('[S0-20] a process that stood still for longer sends nothing, and tries again', async () => {
  const { facts, appended } = factsAt(() => 3_000)
  const late = facts.tell([FACT], 3_000)
  await expect(late).rejects.toMatchObject({ code: 'OTN_BUS_NOT_ACKNOWLEDGED', retryable: true })
  expect(appended).toEqual([])
})
