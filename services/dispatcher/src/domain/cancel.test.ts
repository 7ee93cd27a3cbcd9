import type { CancelNotification } from '@otn/contracts'
import { commandId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  command,
  document,
  failed,
  inDoubt,
  PAGE,
  scheduled,
  sent,
  written,
} from '../../test/support/command-facts.ts'
import { cancel, unheard } from './cancel.ts'
import { newCommand, stateOf } from './command.ts'
import type { CommandDocument } from './document.ts'

const given: CancelNotification = {
  ...{ commandId: commandId('x-1'), pageId: PAGE, cancels: commandId('c-1') },
}
const end = ({ command: of }: CommandDocument) =>
  written(of, { type: 'NotificationCancelled', attempt: 0, reason: 'cancelled' })
const cancelled = (known: CommandDocument) => cancel(known, 'shop', end)

const waiting = document({ command: after(attempted(1), scheduled(1)), worker: 'w', deaths: 1 })
const under = document({ command: after(attempted(1)) })
const doubted = document({ command: after(attempted(1), inDoubt(1)), isProbing: true })

describe('a cancel', () => {
  test('ends what is open, at once and at rest, its fact to be told behind the others', () => {
    const change = cancelled({ ...waiting, facts: [end(waiting).stored] })
    expect(change && stateOf(change.document.command)).toBe('cancelled')
    expect(change?.document).toMatchObject({ worker: null, deaths: 0, cancel: null })
    expect(change?.document.facts).toHaveLength(2)
    expect(change?.leaseMs).toBe(10_000)
    const open = cancelled(document())
    expect(open?.document.facts).toEqual([end(document()).stored])
  })

  test('is noted beside a call, with who asked, and leaves lease and facts as they are', () => {
    for (const known of [under, doubted]) {
      expect(cancelled(known)).toEqual({
        document: { ...known, cancel: { by: 'shop' } },
        leaseMs: null,
      })
    }
  })

  test.each([
    ['what was sent', document({ command: after(attempted(1), sent(1)) })],
    ['what has failed', document({ command: after(attempted(1), failed(1, true)) })],
    ['what was cancelled', cancelled(document())?.document ?? document()],
    ['what is noted already', document({ ...under, cancel: { by: null } })],
    [
      'a question to a person',
      document({
        command: newCommand({ ...command(), asks: { context: null, titleDigest: null } }, null),
      }),
    ],
  ])('is too late for %s', (_, known) => {
    expect(cancelled(known)).toBeNull()
  })

  test('of an id that nobody knows makes a command of which nothing else is known', () => {
    const { command: made, ...rest } = unheard(given)
    expect(made).toEqual({
      ...{ pageId: PAGE, commandId: 'c-1', digest: '0'.repeat(64), route: 'TOKEN' },
      ...{
        topic: null,
        asks: null,
        campaignId: null,
        requestedBy: null,
        requestedAt: null,
        person: null,
      },
      ...{ attempts: [], waits: [], final: null },
    })
    expect(rest).toMatchObject({ content: null, giveUpAt: null, facts: [] })
    const change = cancelled(unheard(given))
    expect(change && stateOf(change.document.command)).toBe('cancelled')
  })
})
