import { describe, expect, test } from 'vitest'
import { cancelCommand } from './cancel-command.ts'
import type { CancelInput } from './notifier.ts'

const around = { newId: 'new', source: 'shop', nowMs: 5 }
const command = (input: object) => cancelCommand(input as CancelInput, around)

describe('cancelling a command', () => {
  test('names it and who asks, and has an id of its own', () => {
    expect(command({ pageId: '1000', commandId: 'order-7' })).toEqual({
      command: {
        ...{ commandId: 'new', pageId: '1000', cancels: 'order-7' },
        ...{ requestedBy: 'shop', requestedAt: 5 },
      },
    })
  })

  test.each([
    [{ commandId: 'a' }, 'pageId'],
    [{ pageId: '1000' }, 'commandId'],
    [{ pageId: '1000', commandId: '' }, 'commandId'],
    [{ pageId: '1000', commandId: 'a'.repeat(129) }, 'commandId'],
    [{ pageId: '1000', commandId: 'a\n' }, 'commandId'],
    [{ pageId: '1000', commandId: 'a', cancels: 'a' }, 'cancels'],
    [{ pageId: '1000', commandId: 'a', idempotencyKey: '' }, 'idempotencyKey'],
  ])('by %j is refused by the name of its field', (input, field) => {
    const made = command(input)
    expect('faults' in made && made.faults.map((fault) => fault.field)).toEqual([field])
  })
})
