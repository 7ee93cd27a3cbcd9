import type { NotificationEvent, OptInReceived } from '@otn/contracts'
import { commandId, eventId, pageId, personId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { callEvent } from '../../test/call-event.ts'
import { historyOf } from './history.ts'
import { foldCall, foldConsent, foldTokenEvent, tokenView, unknownToken } from './token.ts'

const who = {
  pageId: pageId('1000'),
  person: personId('sStxGmklUR7y9IbqqR-AlG'),
  tokenId: tokenId('19342fe8002e6df3cf684809ae863aef'),
}

const optIn: OptInReceived = {
  ...who,
  type: 'OptInReceived',
  eventId: eventId('opt-in'),
  at: 100,
  grantedAt: 90,
  kind: 'one_time_notif_req',
  topic: 'restock-1',
  origin: 'webhook',
  keyId: 'k1',
  sealed: Buffer.from('sealed'),
}

interface Told {
  readonly command?: string
  readonly attempt?: number
  readonly released?: boolean
  readonly code?: number
  readonly route?: string
}

function event(type: NotificationEvent['type'], told: Told = {}): NotificationEvent {
  const { command = 'c1', attempt = 1, released = null, code = null, route = 'TOKEN' } = told
  return {
    ...who,
    type,
    eventId: eventId(`${type}/${command}/${attempt}`),
    commandId: commandId(command),
    commandDigest: 'd',
    attempt,
    at: 200,
    route,
    tokenReleased: released,
    graphCode: code,
    reason: 'graph-refused',
    certainty: 'CONFIRMED',
    dueAt: 300,
    keyId: 'k1',
    sealed: Buffer.from('command'),
  }
}

const attempted = event('NotificationAttempted')
const assignment = { ...who, type: 'TokenTopicAssigned', topic: 'b' } as const
const granted = foldConsent(unknownToken, optIn)
const after = (...events: readonly NotificationEvent[]) =>
  events.reduce((token, next) => foldCall(token, { part: 'notification', event: next }), granted)
const stateAfter = (...events: readonly NotificationEvent[]) => tokenView(after(...events))?.state

describe('a token', () => {
  test.each<[string, string, readonly NotificationEvent[]]>([
    ['live once consent was given [S0-03, S1-23]', 'live', []],
    ['reserved while a call is under way', 'reserved', [attempted]],
    [
      'live again when the call is known not to have sent and released it',
      'live',
      [attempted, event('NotificationScheduled', { released: true })],
    ],
    [
      'kept by a command that waits without releasing it',
      'reserved',
      [attempted, event('NotificationScheduled', { released: false })],
    ],
    ['in doubt where the outcome is', 'in-doubt', [attempted, event('NotificationInDoubt')]],
    [
      'redeemed when a message went out [S0-20]',
      'redeemed',
      [attempted, event('NotificationSent')],
    ],
    [
      'redeemed by evidence that settles a doubt',
      'redeemed',
      [attempted, event('NotificationInDoubt'), event('NotificationSent')],
    ],
    [
      'live when a failure released it',
      'live',
      [attempted, event('NotificationFailed', { released: true })],
    ],
    [
      'rejected when a failure did not',
      'rejected',
      [attempted, event('NotificationFailed', { released: false })],
    ],
    [
      'rejected by a failure that says nothing of a release',
      'rejected',
      [attempted, event('NotificationFailed')],
    ],
    [
      'untouched by a refusal before any call',
      'live',
      [event('NotificationFailed', { attempt: 0 })],
    ],
    ['untouched by a call in the window', 'live', [event('NotificationSent', { route: 'WINDOW' })]],
    ['untouched by the refusal of a reused command id', 'live', [event('CommandRejected')]],
    [
      'not reopened by a late repeat of a released attempt',
      'live',
      [attempted, event('NotificationScheduled', { released: true }), attempted],
    ],
    [
      'reserved again by the next attempt of the same command',
      'reserved',
      [
        attempted,
        event('NotificationScheduled', { released: true }),
        event('NotificationAttempted', { attempt: 2 }),
      ],
    ],
    [
      'free of every attempt of a command that failed for good',
      'live',
      [
        attempted,
        event('NotificationScheduled', { released: false }),
        event('NotificationAttempted', { attempt: 2 }),
        event('NotificationFailed', { attempt: 2, released: true }),
      ],
    ],
    [
      'live again when a person says that no attempt of a doubt went out',
      'live',
      [
        attempted,
        event('NotificationInDoubt'),
        event('NotificationAttempted', { attempt: 2 }),
        event('NotificationInDoubt', { attempt: 2 }),
        event('NotificationFailed', { attempt: 2, released: true }),
      ],
    ],
  ])('is %s', (_, state, events) => {
    expect(stateAfter(...events)).toBe(state)
  })

  test('is rejected once two different commands met the bare refusal, and not after one [S1-28]', () => {
    const refused = (command: string) =>
      event('NotificationFailed', { command, released: true, code: 100 })
    expect(stateAfter(refused('c1'), refused('c1'))).toBe('live')
    expect(stateAfter(refused('c1'), refused('c2'))).toBe('rejected')
  })

  test('is rejected also where one refusal was of a request to ask again', () => {
    const refused = event('NotificationFailed', { released: true, code: 100 })
    const asked = callEvent('OptInRequestFailed', { tokenReleased: true, graphCode: 100 })
    const token = foldCall(after(refused), { part: 'request', event: asked })
    expect(tokenView(token)).toMatchObject({ state: 'rejected', refusals: 2 })
  })

  test('counts each command that met the bare refusal once, and no other failure', () => {
    const bare = { released: true, code: 100 }
    const one = event('NotificationFailed', { ...bare, command: 'c1' })
    const two = event('NotificationFailed', { ...bare, command: 'c2' })
    const other = event('NotificationFailed', { command: 'c3', released: true, code: 551 })
    const { graphSubcode, ...told } = event('NotificationFailed', { ...bare, command: 'c4' })
    const wrongPerson = { ...told, graphSubcode: graphSubcode ?? 2018001 }
    expect(tokenView(after(one, one, two, other, wrongPerson))?.refusals).toBe(2)
  })

  test('whose outcome was folded before its consent shows both once consent is there', () => {
    const early = foldCall(unknownToken, {
      part: 'notification',
      event: event('NotificationSent'),
    })
    expect(tokenView(early)).toBeNull()
    expect(tokenView(foldConsent(early, optIn))).toMatchObject({ ...view, state: 'redeemed' })
  })

  test('keeps its first receipt: later repeats of the webhook change nothing [S0-03]', () => {
    const repeat = { ...optIn, at: 150, topic: 'restock-2', sealed: Buffer.from('again') }
    expect(foldConsent(granted, repeat)).toBe(granted)
    expect(foldConsent(foldConsent(unknownToken, repeat), optIn)).toEqual(granted)
  })

  test('is withdrawn for good, and a message that had gone out stays told', () => {
    const withdrawn = {
      ...who,
      type: 'TokenWithdrawn' as const,
      eventId: eventId('w'),
      at: 250,
      reason: 'token-withdrawn',
    }
    expect(tokenView(foldTokenEvent(granted, withdrawn))?.state).toBe('withdrawn')
    const sent = after(attempted, event('NotificationSent'))
    expect(tokenView(foldTokenEvent(sent, withdrawn))?.state).toBe('redeemed')
  })

  test('belongs to the topic that was assigned last', () => {
    const assign = (topic: string, at: number) => ({
      ...who,
      type: 'TokenTopicAssigned' as const,
      eventId: eventId(topic),
      at,
      topic,
    })
    const assigned = [assign('b', 20), assign('a', 10)].reduce(foldTokenEvent, granted)
    expect(tokenView(assigned)?.topic).toBe('b')
  })

  test('tells its history oldest first, cause before effect, without anything sealed', () => {
    const [sent, called] = [event('NotificationSent'), attempted]
    // The clock stands still, and the ids sort the other way round.
    const token = after({ ...sent, eventId: eventId('a') }, { ...called, eventId: eventId('b') })
    const history = historyOf(token)
    expect(history?.facts.map(({ type }) => type)).toEqual([
      'OptInReceived',
      'NotificationAttempted',
      'NotificationSent',
    ])
    expect(history?.isComplete).toBe(true)
    expect(JSON.stringify(history)).not.toMatch(/sealed|keyId|person/)
  })

  test('tells causes before effects where the clock stood still', () => {
    const at = optIn.at
    const assigned = { ...assignment, eventId: eventId('9'), at }
    const reason = 'token-withdrawn'
    const withdrawn = { ...who, type: 'TokenWithdrawn', eventId: eventId('0'), at, reason } as const
    const asked = {
      ...attempted,
      type: 'OptInRequestAttempted',
      eventId: eventId('4'),
      at,
    } as const
    const known = [
      { ...event('NotificationSent'), eventId: eventId('1'), at },
      { ...attempted, eventId: eventId('2'), at },
      { ...event('NotificationAttempted', { attempt: 2 }), eventId: eventId('3'), at },
    ].reduce(
      (token, next) => foldCall(token, { part: 'notification', event: next }),
      foldTokenEvent(foldTokenEvent(granted, withdrawn), assigned),
    )
    const history = historyOf(foldCall(known, { part: 'request', event: asked }))
    expect(history?.facts.map(({ type, attempt }) => [type, attempt])).toEqual([
      ['OptInReceived', null],
      ['TokenTopicAssigned', null],
      ['TokenWithdrawn', null],
      ['NotificationAttempted', 1],
      ['OptInRequestAttempted', 1],
      ['NotificationSent', 1],
      ['NotificationAttempted', 2],
    ])
  })

  test('tells what came later later, whatever it is', () => {
    const late = { ...attempted, eventId: eventId('late'), at: 900 }
    const assigned = { ...assignment, eventId: eventId('x'), at: 950 }
    const first = { ...event('NotificationSent', { command: 'c2', attempt: 3 }), at: 800 }
    const history = historyOf(foldTokenEvent(after(late, first), assigned))
    expect(history?.facts.map(({ at }) => at)).toEqual([100, 800, 900, 950])
  })

  test('of a storm of commands keeps a bounded history and every verdict', () => {
    const storm = Array.from({ length: 300 }, (_, index) => {
      const command = `c${index}`
      return { ...event('NotificationFailed', { command, released: true, code: 100 }), at: index }
    })
    const token = after(...storm)
    expect(historyOf(token)?.facts).toHaveLength(65)
    expect(historyOf(token)?.isComplete).toBe(false)
    expect(tokenView(token)?.refusals).toBe(300)
  })
})

const view = { pageId: who.pageId, person: who.person, topic: 'restock-1', grantedAt: 90 }
