import type { Notify } from '@otn/contracts'
import { appError, commandId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { notify } from '../../test/support/command-facts.ts'
import { createMemoryPorts } from '../../test/support/memory-ports.ts'
import { stateOf } from '../domain/command.ts'
import type { LogRecord, Read } from '../inbox-ports.ts'

const source: LogRecord = {
  ...{ topic: 'notify', partition: 0, offset: 0n, timestampMs: 0 },
  ...{ key: null, value: null, headers: {} },
}
const known = (value: Notify): Read<Notify> => ({ kind: 'known', value, source })

describe('a batch of commands', () => {
  test('is recorded, and what is new goes to its lane', async () => {
    const { handle, state, store } = createMemoryPorts()
    await handle([known(notify()), known(notify({ commandId: commandId('c-2') }))])
    expect(store.all().map(({ id }) => id)).toEqual(['1000:c-1', '1000:c-2'])
    expect(state.offered.map(({ id }) => id)).toEqual(['1000:c-1', '1000:c-2'])
    // What its lane decides upon must be what was recorded.
    expect(state.offered).toEqual(store.all())
  })

  test('that comes again adds nothing', async () => {
    const { handle, state, store } = createMemoryPorts()
    const batch = [known(notify()), known(notify({ requestedAt: 5 }))]
    await handle(batch)
    await handle(batch)
    expect([store.all().length, state.offered.length, state.log]).toEqual([1, 1, []])
  })

  test('with another command under a known id tells its rejection, and keeps the first', async () => {
    const { handle, state, store } = createMemoryPorts()
    await handle([known(notify()), known(notify({ text: 'Else.' }))])
    expect(state.log).toMatchObject([{ type: 'CommandRejected', reason: 'command-id-reused' }])
    expect(store.all()).toHaveLength(1)
    expect(store.read('1000:c-1')?.command.digest).not.toBe(state.log[0]?.commandDigest)
  })

  test('with a command that can never go out tells so at once, with no content kept', async () => {
    const { handle, state, store } = createMemoryPorts()
    await handle([known(notify({ text: ' ' }))])
    expect(state.log).toMatchObject([
      { type: 'NotificationFailed', reason: 'text-empty', attempt: 0 },
    ])
    expect(store.read('1000:c-1')).toMatchObject({ content: null, facts: [] })
    expect(state.offered).toEqual([])
  })

  test('is recorded also while the log is away: what was decided is told later', async () => {
    const { handle, state, store, run } = createMemoryPorts()
    state.tellFails = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })
    await handle([known(notify({ text: ' ' }))])
    const document = store.read('1000:c-1')
    expect(document && stateOf(document.command)).toBe('failed')
    expect(document?.facts).toHaveLength(1)
    state.tellFails = null
    if (document) await run(document)
    expect(state.log).toMatchObject([{ type: 'NotificationFailed' }])
    expect(store.read('1000:c-1')?.facts).toEqual([])
  })

  test('repeats nothing without end: no fact outgrows what a broker takes', async () => {
    const { handle, state, store } = createMemoryPorts()
    const long = 'x'.repeat(900_000)
    await handle([
      known(notify({ topic: long })),
      known(notify({ commandId: commandId('c-2'), requestedBy: long })),
    ])
    expect(state.log[0]).toMatchObject({ reason: 'topic-invalid', topic: null })
    expect(store.read('1000:c-2')?.command.requestedBy).toHaveLength(256)
    const sealed = store.read('1000:c-2')?.content?.sealed.length
    expect(sealed).toBeLessThan(1_000)
  })

  test('parks what has no usable id and what cannot be read, and goes on', async () => {
    const { handle, state, store } = createMemoryPorts()
    const why = { reason: 'malformed', detail: 'no Avro', pageId: null, commandId: null } as const
    await handle([
      { kind: 'unusable', source, why },
      known(notify({ commandId: commandId('') })),
      known(notify({ pageId: pageId('x') })),
      known(notify()),
    ])
    expect(state.parked.map((message) => message.why.reason)).toEqual([
      ...['malformed', 'command-id-invalid', 'page-id-invalid'],
    ])
    expect(store.all()).toHaveLength(1)
  })

  test('gives a command its content back that a rebuild knows by its facts alone', async () => {
    const { handle, store, commands } = createMemoryPorts()
    await handle([known(notify({ giveUpAt: 9e12 }))])
    await commands.change(
      '1000:c-1',
      (document) =>
        document && { document: { ...document, content: null, giveUpAt: null }, leaseMs: 0 },
    )
    await handle([known(notify({ giveUpAt: 9e12 }))])
    expect(store.read('1000:c-1')).toMatchObject({ giveUpAt: 9e12, content: { record: 'Notify' } })
  })
})
