import { silentLog } from '@otn/bus'
import { codecInMemory, type NotificationEvent } from '@otn/contracts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createFakeLog, factBase } from './fake-log.ts'
import { createOutcomeFollower } from './outcome-follower.ts'
import { followed, publishedCommands } from './published-commands.ts'

const codec = await codecInMemory()

function sent(id: string): NotificationEvent {
  return { type: 'NotificationSent', route: 'TOKEN', certainty: 'CONFIRMED', ...factBase(id, 1) }
}

function start() {
  const log = createFakeLog(codec)
  const published = publishedCommands(10)
  const follower = createOutcomeFollower({
    topic: 'notification',
    bus: log,
    codec,
    log: silentLog,
    published,
  })
  const publish = (id: string) => {
    published.remember({ pageId: '1000', commandId: id, digest: 'd', outcomeFrom: log.ends })
    const command = published.find(id)
    if (command === null) throw new Error('not remembered')
    return command
  }
  return { log, follower, publish }
}

afterEach(() => vi.useRealTimers())

describe('waiting for an outcome', () => {
  test('ends at the final fact, whichever partition it comes from', async () => {
    const { log, follower, publish } = start()
    const outcome = follower.outcome(publish('k'), 60_000)
    await log.append(sent('other'), 0)
    await log.append(sent('k'), 1)
    expect(await outcome).toMatchObject({ state: 'sent' })
  })

  test('tells what is known when the wait is over', async () => {
    const { follower, publish } = start()
    expect(await follower.outcome(publish('k'), 0)).toEqual({ state: 'pending' })
  })

  test('finds a fact that was written before anybody asked', async () => {
    const { log, follower, publish } = start()
    const command = publish('k')
    await log.append(sent('k'))
    expect(await follower.outcome(command, 0)).toMatchObject({ state: 'sent' })
  })

  test('reads the log once for all commands published after its beginning', async () => {
    const { log, follower, publish } = start()
    const [first, second] = [publish('a'), publish('b')]
    await log.append(sent('a'))
    await log.append(sent('b'))
    await follower.outcome(first, 0)
    await follower.outcome(second, 0)
    const later = publish('c')
    await log.append(sent('c'))
    expect(await follower.outcome(later, 0)).toMatchObject({ state: 'sent' })
    expect(log.begun).toHaveLength(1)
  })

  test('reads from the older position for a command published before the beginning', async () => {
    const { log, follower, publish } = start()
    const older = publish('a')
    await log.append(sent('a'))
    await follower.outcome(publish('b'), 0)
    expect(await follower.outcome(older, 0)).toMatchObject({ state: 'sent' })
    expect(log.begun).toEqual([
      [1n, 0n],
      [0n, 0n],
    ])
  })

  test('finds the outcome of a command that another process published', async () => {
    const { log, follower } = start()
    await log.append(sent('k'))
    const command = followed({
      pageId: '1000',
      commandId: 'k',
      digest: null,
      outcomeFrom: [0n, 0n],
    })
    expect(await follower.outcome(command, 0)).toMatchObject({ state: 'sent' })
  })

  test('is not taken in by what became of another command under the same id', async () => {
    const { log, follower, publish } = start()
    const command = publish('k')
    await log.append({ ...sent('k'), commandDigest: 'of an earlier command' })
    expect(await follower.outcome(command, 0)).toEqual({ state: 'pending' })
    await log.append({ ...factBase('k', 0), type: 'CommandRejected', reason: 'command-id-reused' })
    expect(await follower.outcome(command, 0)).toMatchObject({ reason: 'command-id-reused' })
  })

  test('rejects when the reading breaks, and goes on where it stopped when asked again', async () => {
    const { log, follower, publish } = start()
    const command = publish('k')
    const waiting = follower.outcome(command, 60_000)
    await log.append(sent('other'))
    log.crash(new Error('Kafka is away'))
    await expect(waiting).rejects.toThrow('Kafka is away')
    await log.append(sent('k'))
    expect(await follower.outcome(command, 0)).toMatchObject({ state: 'sent' })
    expect(log.begun).toEqual([
      [0n, 0n],
      [1n, 0n],
    ])
  })

  test('ends with what is known when the notifier closes', async () => {
    const { follower, publish } = start()
    const outcome = follower.outcome(publish('k'), 60_000)
    await follower.close()
    expect(await outcome).toEqual({ state: 'pending' })
  })

  test('is an error, not pending, while the log cannot be read to its end', async () => {
    vi.useFakeTimers()
    const { log, publish } = start()
    const published = publishedCommands(10)
    const never = { ...log, follow: () => new Promise<never>(() => {}) }
    const follower = createOutcomeFollower({
      topic: 'notification',
      bus: never,
      codec,
      log: silentLog,
      published,
    })
    const outcome = follower.outcome(publish('k'), 0)
    const refused = expect(outcome).rejects.toMatchObject({ code: 'OTN_BUS_UNREACHABLE' })
    await vi.advanceTimersByTimeAsync(30_000)
    await refused
  })
})
