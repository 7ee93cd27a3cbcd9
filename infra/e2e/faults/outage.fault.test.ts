import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { watchPauses } from '@otn/testing'
import { describe, expect, test } from 'vitest'
import { type OwnStack, ownStack } from '../src/own-stack.ts'
import { readLog } from '../src/system.ts'
import { postOptIn } from '../src/webhook.ts'

const OUTAGE_MS = 60_000
const SENDERS = 16
const ANSWER_MS_MAX = 5_000

interface Sent {
  readonly token: string
  readonly answers: number[]
}

/** Posts opt-ins until told to stop, each repeated as Meta does until it is answered 200. */
function load({ stack }: OwnStack): {
  readonly sent: Sent[]
  stop(): Promise<void>
  slowest(): number
} {
  const sent: Sent[] = []
  const page = stack.file.pages[0]?.pageId ?? ''
  let running = true
  let slowest = 0
  const sender = async (): Promise<void> => {
    while (running) {
      const token = `55${randomInt(10 ** 13)}`
      const optIn = {
        pageId: page,
        psid: `7${randomInt(10 ** 12)}`,
        token,
        payload: 'otn1:r-1:',
        timestampMs: Date.now(),
      }
      const one: Sent = { token, answers: [] }
      sent.push(one)
      while (one.answers.at(-1) !== 200) {
        const { status, durationMs } = await postOptIn(stack.file, optIn)
        one.answers.push(status)
        if (status !== 0) slowest = Math.max(slowest, durationMs)
        if (status !== 200) await delay(500)
      }
    }
  }
  const senders = Array.from({ length: SENDERS }, sender)
  const stop = async (): Promise<void> => {
    running = false
    await Promise.all(senders)
  }
  return { sent, stop, slowest: () => slowest }
}

async function killIngress({ stack }: OwnStack): Promise<void> {
  const ingress = stack.services.find(({ name }) => name === 'ingress')
  const pid = ingress?.pid()
  if (pid) process.kill(pid, 'SIGKILL')
}

async function expectNothingLost(
  own: OwnStack,
  sent: readonly Sent[],
  replication: number,
): Promise<void> {
  const records = await readLog(own.stack.file, ['optIn'], replication)
  const ids = records.flatMap(({ value }) => ('eventId' in value ? [value.eventId] : []))
  const answered = sent.filter(({ answers }) => answers.includes(200))
  expect(answered.length).toBe(sent.length)
  // A repeat may stand twice in the log, always under the same id: readers drop it by that.
  expect(new Set(ids).size).toBe(sent.length)
  const codes = new Set(sent.flatMap(({ answers }) => answers))
  expect([...codes].filter((code) => ![0, 200, 503].includes(code))).toEqual([])
}

describe('[S0-24] [S1-46] an outage under load loses no answer that was 200, and repeats add no fact', () => {
  test('Kafka stopped for a minute, the ingress killed meanwhile', async () => {
    await using own = await ownStack()
    using pauses = watchPauses()
    const running = load(own)
    await delay(2_000)
    const [broker] = own.stack.engines.kafka.brokers
    await broker?.stop()
    await delay(OUTAGE_MS / 2)
    await killIngress(own)
    await delay(OUTAGE_MS / 2)
    await broker?.start()
    await delay(5_000)
    await running.stop()
    expect(running.slowest()).toBeLessThan(pauses.stretched(ANSWER_MS_MAX))
    expect(running.sent.some(({ answers }) => answers.includes(503))).toBe(true)
    await expectNothingLost(own, running.sent, 1)
  })

  test('one of three brokers stopped for a minute, the ingress killed meanwhile', async () => {
    await using own = await ownStack({ brokers: 3 })
    const running = load(own)
    await delay(2_000)
    const broker = own.stack.engines.kafka.brokers[1]
    await broker?.stop()
    await delay(OUTAGE_MS / 2)
    await killIngress(own)
    await delay(OUTAGE_MS / 2)
    await broker?.start()
    await delay(5_000)
    await running.stop()
    await expectNothingLost(own, running.sent, 3)
  })
})
