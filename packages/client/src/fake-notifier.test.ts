import { describe, expect, test } from 'vitest'
import { createFakeNotifier } from './fake-notifier.ts'
import type { NotifyInput, RequestOptInInput } from './notifier.ts'

const input: NotifyInput = {
  pageId: '1000',
  to: { psid: '2000', topic: 'restock-1234' },
  text: 'It is back.',
  idempotencyKey: 'restock-1234:2000',
}

describe('the notifier for tests', () => {
  test('keeps withdrawals beside, each once, and fails them when told to', async () => {
    const notifier = createFakeNotifier()
    const wish = { pageId: '1000', consent: { psid: '2000' }, idempotencyKey: 'w' } as const
    await notifier.withdraw(wish)
    expect(await notifier.withdraw(wish)).toMatchObject({ commandId: 'w' })
    expect(notifier.withdrawals).toMatchObject([{ psid: '2000', commandId: 'w' }])
    notifier.failNext(new Error('away'))
    await expect(notifier.withdraw(wish)).rejects.toThrow('away')
    await expect(notifier.withdraw({ ...wish, pageId: 'x' })).rejects.toThrow(/withdraw: pageId/)
  })

  test('publishes what was asked for and reports it sent', async () => {
    const notifier = createFakeNotifier()
    const { commandId } = await notifier.notify(input)
    expect(notifier.commands).toMatchObject([{ pageId: '1000', text: 'It is back.' }])
    expect(await notifier.outcome(commandId)).toMatchObject({ state: 'sent' })
  })

  test('gives a repeat no second effect', async () => {
    const notifier = createFakeNotifier()
    await notifier.notify(input)
    await notifier.notify(input)
    expect(notifier.commands).toHaveLength(1)
  })

  test('answers another content under a known id like the dispatcher', async () => {
    const notifier = createFakeNotifier()
    await notifier.notify(input)
    const { commandId } = await notifier.notify({ ...input, text: 'Something else.' })
    expect(notifier.commands).toHaveLength(1)
    expect(await notifier.outcome(commandId)).toMatchObject({ reason: 'command-id-reused' })
  })

  test('puts questions by the same rules, and knows one set of ids', async () => {
    const notifier = createFakeNotifier()
    const question = { pageId: '1000', to: input.to, title: 'Tell you?', idempotencyKey: 'r' }
    const asked = await notifier.requestOptIn(question as RequestOptInInput)
    await notifier.requestOptIn(question as RequestOptInInput)
    expect(notifier.requests).toHaveLength(1)
    expect(asked).toMatchObject({ asks: true, commandId: 'r' })
    await notifier.notify({ ...input, idempotencyKey: 'r' })
    expect(notifier.commands).toHaveLength(0)
    expect(await notifier.outcome('r')).toMatchObject({ reason: 'command-id-reused' })
  })

  test('refuses what the real one refuses', async () => {
    const notifier = createFakeNotifier()
    const wrong = notifier.notify({ ...input, pageId: 'my page' })
    await expect(wrong).rejects.toThrow('pageId: got "my page"')
  })

  test('tells the outcome that the test has chosen', async () => {
    const notifier = createFakeNotifier({ answer: () => ({ state: 'pending' }) })
    const { commandId } = await notifier.notify(input)
    expect(await notifier.outcome(commandId)).toEqual({ state: 'pending' })
    notifier.settle(commandId, { state: 'cancelled', at: 1 })
    expect(await notifier.outcome(commandId)).toEqual({ state: 'cancelled', at: 1 })
  })

  test('fails once when told to and publishes nothing then', async () => {
    const notifier = createFakeNotifier()
    notifier.failNext(new Error('Kafka is away'))
    await expect(notifier.notify(input)).rejects.toThrow('Kafka is away')
    expect(notifier.commands).toHaveLength(0)
    await notifier.notify(input)
    expect(notifier.commands).toHaveLength(1)
  })
})
