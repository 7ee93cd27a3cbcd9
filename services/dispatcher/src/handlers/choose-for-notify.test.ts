import { DAY_MS, HOUR_MS } from '@otn/kernel'
import { notifyRules, rulesVersionOf } from '@otn/policy'
import { describe, expect, test } from 'vitest'
import { identity, MID, NOW, notify, PAGE, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, offsets, proposed } from '../../test/support/memory-ports.ts'
import { evolve } from '../domain/command.ts'
import { type CallOutcome, NO_ANSWER } from '../domain/decide-outcome.ts'
import { digestText, newDocument } from '../domain/document.ts'
import { markUnknown } from '../domain/transitions.ts'

const CLOSED: CallOutcome = {
  ...{ ...NO_ANSWER, kind: 'refused', reason: 'window-closed', tokenIsDead: false },
}

/** A dispatcher in memory; the person wrote an hour ago and holds a live token. */
function dispatcher() {
  const ports = createMemoryPorts()
  ports.state.windowOpenUntil = NOW + 23 * HOUR_MS
  ports.state.tokens = [proposed()]
  return ports
}
type Ports = ReturnType<typeof dispatcher>

const told = ({ state }: Ports) =>
  [...new Map(state.log.map((fact) => [fact.eventId, fact])).values()].map(
    ({ type, reason, route }) =>
      `${type.replace('Notification', '')} ${route} ${reason ?? ''}`.trim(),
  )
const calls = ({ state }: Ports) => state.calls.map(({ token }) => token?.reveal() ?? null)
const goOn = async ({ store, run }: Ports) => {
  const [found] = store.all()
  if (found) await run(found)
}
const tag = { route: 'TAG', tag: 'HUMAN_AGENT', topic: null }

describe('a message by WINDOW', () => {
  test('goes out by psid in the open window, and spends no token [S1-14]', async () => {
    const ports = dispatcher()
    await ports.go(notify({ route: 'WINDOW', topic: null }))
    expect(told(ports)).toEqual(['Attempted WINDOW', 'Sent WINDOW'])
    expect(ports.state.log[0]).toMatchObject({ tokenId: null, topic: null })
    expect(calls(ports)).toEqual([null])
  })

  test('is refused after it, with its rule, before any call [S1-38]', async () => {
    const ports = dispatcher()
    ports.state.windowOpenUntil = NOW
    await ports.go(notify({ route: 'WINDOW' }))
    expect(told(ports)).toEqual(['Failed WINDOW window-closed'])
    expect(ports.state.log[0]).toMatchObject({
      ...{ attempt: 0, rule: 'notify-window-open', rulesVersion: rulesVersionOf(notifyRules) },
    })
    expect(calls(ports)).toEqual([])
  })

  test('is never refused by a stale answer: the person may have written since', async () => {
    const ports = dispatcher()
    ports.state.windowOpenUntil = null
    ports.state.needs = offsets(5n)
    await ports.go(notify({ route: 'WINDOW' }))
    expect(told(ports)).toEqual([])
    Object.assign(ports.state, { asOf: offsets(5n), windowOpenUntil: NOW + 1 })
    await goOn(ports)
    expect(told(ports)).toEqual(['Attempted WINDOW', 'Sent WINDOW'])
  })

  test('whose answer is lost stands in doubt and is not repeated; its echo settles it', async () => {
    const ports = dispatcher()
    ports.state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await ports.go(notify({ route: 'WINDOW' }))
    for (let runs = 0; runs < 4; runs += 1) await goOn(ports)
    expect(told(ports)).toEqual(['Attempted WINDOW', 'InDoubt WINDOW doubt-stands'])
    expect(calls(ports)).toEqual([null])
    const eventId = identity.event('MessageEchoed', PAGE, ['1'])
    const { commandId } = notify()
    await ports.echo({ commandId, attempt: 1 }, { messageId: MID, eventId })
    expect(told(ports).at(-1)).toBe('Sent WINDOW')
  })

  test('whose window closes between decision and call is not called', async () => {
    const ports = dispatcher()
    ports.state.gate = () => {
      ports.state.nowMs = NOW + 23 * HOUR_MS
      return 'open'
    }
    await ports.go(notify({ route: 'WINDOW' }))
    expect(told(ports)).toEqual(['Attempted WINDOW', 'Failed WINDOW window-closed'])
    expect(calls(ports)).toEqual([])
  })

  test('is not called once another process took the attempt for lost', async () => {
    const ports = dispatcher()
    ports.state.gate = () => {
      const [claimed] = ports.store.all()
      const { id = '', revision: from = 0 } = claimed ?? {}
      const lapsed = claimed && markUnknown(claimed, { attempt: 1, settleMs: 1 })
      if (lapsed) ports.store.write(id, { from, to: from + 1 }, lapsed)
      return 'open'
    }
    await ports.go(notify({ route: 'WINDOW' }))
    expect(calls(ports)).toEqual([])
  })

  test('is kept from who withdrew since they last acted, and told so', async () => {
    const ports = dispatcher()
    const asked: unknown[] = []
    ports.state.gate = (consent) => {
      asked.push(consent)
      return 'withdrawn'
    }
    await ports.go(notify({ route: 'WINDOW' }))
    expect(told(ports).at(-1)).toBe('Failed WINDOW token-withdrawn')
    expect(asked).toMatchObject([
      { tokenId: null, topic: 'restock-1234', grantedAt: NOW - HOUR_MS },
    ])
    expect(calls(ports)).toEqual([])
  })
})

describe('a message by AUTO', () => {
  test('spends no token in the open window, and one after it', async () => {
    const inside = dispatcher()
    await inside.go(notify({ route: 'AUTO' }))
    expect([told(inside), calls(inside)]).toEqual([['Attempted WINDOW', 'Sent WINDOW'], [null]])
    const outside = dispatcher()
    outside.state.windowOpenUntil = NOW
    await outside.go(notify({ route: 'AUTO' }))
    expect(calls(outside)).toEqual([`raw ${T1}`])
    expect(told(outside)).toEqual(['Attempted TOKEN', 'Sent TOKEN'])
  })

  test('spends one in the open window where the command names it', async () => {
    const ports = dispatcher()
    await ports.go(notify({ route: 'AUTO', psid: null, tokenId: T1 }))
    expect(calls(ports)).toEqual([`raw ${T1}`])
  })

  test('spends none upon a stale answer: the window may have opened since', async () => {
    const ports = dispatcher()
    Object.assign(ports.state, { windowOpenUntil: null, needs: offsets(5n) })
    await ports.go(notify({ route: 'AUTO' }))
    expect(calls(ports)).toEqual([])
    Object.assign(ports.state, { asOf: offsets(5n), windowOpenUntil: NOW + DAY_MS })
    await goOn(ports)
    expect([told(ports), calls(ports)]).toEqual([['Attempted WINDOW', 'Sent WINDOW'], [null]])
  })

  test('spends one where the platform calls a window closed that we took for open', async () => {
    const ports = dispatcher()
    ports.state.outcome = CLOSED
    await ports.go(notify({ route: 'AUTO' }))
    ports.state.outcome = { ...NO_ANSWER, kind: 'sent', messageId: MID }
    await goOn(ports)
    expect(told(ports)).toEqual([
      ...['Attempted WINDOW', 'Scheduled WINDOW window-closed', 'Attempted TOKEN', 'Sent TOKEN'],
    ])
    expect(calls(ports)).toEqual([null, `raw ${T1}`])
    const rebuilt = ports.state.log.toReversed().reduce<Parameters<typeof evolve>[0]>(evolve, null)
    const digests = [...ports.store.all(), ...(rebuilt ? [document(rebuilt)] : [])].map(digestText)
    expect(new Set(digests).size).toBe(1)
  })

  test('in doubt by WINDOW never goes on to a token', async () => {
    const ports = dispatcher()
    ports.state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await ports.go(notify({ route: 'AUTO' }))
    ports.state.windowOpenUntil = null
    for (let runs = 0; runs < 4; runs += 1) await goOn(ports)
    expect(told(ports).at(-1)).toBe('InDoubt WINDOW doubt-stands')
    expect(calls(ports)).toEqual([null])
  })

  test('is refused where neither window nor token is there, as TOKEN is, with the rule', async () => {
    const ports = dispatcher()
    Object.assign(ports.state, { windowOpenUntil: null, tokens: [] })
    await ports.go(notify({ route: 'AUTO' }))
    expect(told(ports)).toEqual(['Failed AUTO no-live-token'])
    expect(ports.state.log[0]).toMatchObject({ rule: 'notify-consent' })
  })
})

describe('a message by TAG', () => {
  test('goes out tagged inside the window and outside, and spends no token [S1-37]', async () => {
    for (const actedAt of [NOW - HOUR_MS, NOW - 6 * DAY_MS]) {
      const ports = dispatcher()
      ports.state.windowOpenUntil = actedAt + DAY_MS
      await ports.go(notify(tag))
      expect([told(ports), calls(ports)]).toEqual([['Attempted TAG', 'Sent TAG'], [null]])
      expect(ports.state.calls[0]?.content).toMatchObject(tag)
    }
  })

  test('out of its reach is refused by its rule, and by no stale answer [S1-39]', async () => {
    const ports = dispatcher()
    Object.assign(ports.state, { windowOpenUntil: NOW - 6 * DAY_MS, needs: offsets(5n) })
    await ports.go(notify(tag))
    expect(told(ports)).toEqual([])
    ports.state.asOf = offsets(5n)
    await goOn(ports)
    expect(told(ports)).toEqual(['Failed TAG tag-window-closed'])
  })

  test('of a blocked page is refused, once its events are read to their end [S1-39]', async () => {
    const ports = dispatcher()
    Object.assign(ports.state, {
      view: { standing: 'page-blocked', isWarned: false, connection: null },
      isRead: false,
    })
    await ports.go(notify(tag))
    expect(told(ports)).toEqual([])
    ports.state.isRead = true
    await goOn(ports)
    expect(told(ports)).toEqual(['Failed TAG page-blocked'])
    // Other routes wait for the page: they need no good standing but its end.
    const waiting = dispatcher()
    waiting.state.view = ports.state.view
    await waiting.go(notify({ route: 'WINDOW' }))
    expect(told(waiting)).toEqual(['Scheduled WINDOW page-blocked'])
  })

  test('of a warned page goes out, with the rule that tells of it [S1-39]', async () => {
    const ports = dispatcher()
    ports.state.view = { ...ports.state.view, isWarned: true }
    await ports.go(notify(tag))
    expect(told(ports)).toEqual(['Attempted TAG', 'Sent TAG'])
    expect(ports.state.log[0]).toMatchObject({ rule: 'notify-tag-standing' })
  })

  test('is judged when it is due, not before', async () => {
    const ports = dispatcher()
    ports.state.view = { standing: 'page-blocked', isWarned: false, connection: null }
    await ports.go(notify({ ...tag, notBefore: NOW + HOUR_MS }))
    expect(told(ports)).toEqual(['Scheduled TAG not-before'])
  })
})

describe('a dry run', () => {
  test('tells the way and what each rule says, and touches nothing [U19]', async () => {
    const ports = dispatcher()
    const by = async (route: string, more: object = {}) => {
      const { decision, route: taken, tokenId } = await ports.preview(notify({ route, ...more }))
      return [decision, taken, tokenId]
    }
    expect(await by('AUTO')).toEqual(['spend', 'WINDOW', null])
    expect(await by('TOKEN')).toEqual(['spend', 'TOKEN', T1])
    expect(await by('TAG', tag)).toEqual(['spend', 'TAG', null])
    ports.state.windowOpenUntil = NOW
    expect(await by('AUTO')).toEqual(['spend', 'TOKEN', T1])
    const refused = await ports.preview(notify({ route: 'WINDOW' }))
    expect(refused).toMatchObject({ decision: 'refuse', reason: 'window-closed' })
    expect(refused.verdicts).toContainEqual(
      expect.objectContaining({ rule: 'notify-window-open', kind: 'refuse' }),
    )
    expect([ports.state.log, ports.state.calls, ports.store.all()]).toEqual([[], [], []])
  })

  test('that would spend a token is unsure while the window may have opened', async () => {
    const ports = dispatcher()
    Object.assign(ports.state, { windowOpenUntil: null, needs: offsets(5n) })
    expect(await ports.preview(notify({ route: 'AUTO' }))).toMatchObject({ decision: 'unsure' })
  })
})

function document(command: Parameters<typeof newDocument>[0]['command']) {
  return newDocument({ command, content: null, giveUpAt: null })
}
