import {
  type ConsentWithdrawn,
  codecInMemory,
  type NotificationEvent,
  type OptInReceived,
  type ParkedMessage,
} from '@otn/contracts'
import { commandId, eventId, pageId, pageScopedUserId, personId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'
import { createFakeLog, type FakeLog } from '../log/fake-log.ts'

const GRANTED = Date.UTC(2026, 10, 22, 8)
const TOKEN = '19342fe8002e6df3cf684809ae863aef'
const codec = await codecInMemory()

type Variant<Type> = Extract<NotificationEvent, { readonly type: Type }>

function told<Type extends NotificationEvent['type']>(
  log: FakeLog,
  fact: Omit<Variant<Type>, 'eventId' | 'commandId' | 'pageId' | 'commandDigest' | 'at'> & {
    readonly type: Type
    readonly page?: string
    readonly seconds: number
  },
): void {
  const { page = '1000', seconds, ...rest } = fact
  const at = GRANTED + seconds * 1000
  const value = {
    eventId: eventId(`${page} ${fact.type} ${fact.attempt}`),
    commandId: commandId('restock:2000'),
    pageId: pageId(page),
    commandDigest: 'd',
    at,
    ...rest,
  } as NotificationEvent
  log.append('notification', { name: 'NotificationEvent', value, timestampMs: at })
}

function granted(log: FakeLog): void {
  const value: OptInReceived = {
    type: 'OptInReceived',
    eventId: eventId('opt-in'),
    pageId: pageId('1000'),
    at: GRANTED,
    person: personId('sStxGmklUR7y9IbqqR-AlG'),
    tokenId: tokenId(TOKEN),
    kind: 'one_time_notif_req',
    topic: 'restock',
    grantedAt: GRANTED,
    origin: 'webhook',
    keyId: 'k1',
    sealed: Buffer.from('sealed'),
  }
  log.append('optIn', { name: 'OptInReceived', value, timestampMs: GRANTED })
}

/** By person or topic, at this many seconds after the consent. */
function withdrawn(by: Partial<ConsentWithdrawn>, seconds: number): (log: FakeLog) => void {
  const at = GRANTED + seconds * 1000
  const about = { eventId: eventId('withdrawn'), pageId: pageId('1000'), reason: 'token-withdrawn' }
  const value = { type: 'ConsentWithdrawn' as const, ...about, at, withdrawnAt: at, ...by }
  return (log) => log.append('token', { name: 'TokenEvent', value, timestampMs: GRANTED + 1 })
}

function asked(log: FakeLog, page = '1000'): void {
  const value = {
    commandId: commandId('restock:2000'),
    pageId: pageId(page),
    psid: pageScopedUserId('2000'),
    topic: 'restock',
    text: 'planted text',
  }
  log.append('notify', { name: 'Notify', value, timestampMs: GRANTED + 1000 })
}

const attempt = { attempt: 1, route: 'TOKEN', tokenId: tokenId(TOKEN) } as const

function story(...steps: readonly ((log: FakeLog) => void)[]): FakeLog {
  const log = createFakeLog(codec)
  for (const step of steps) step(log)
  return log
}

const parked = (log: FakeLog) => {
  const value: ParkedMessage = {
    ...{ type: 'MessageParked', eventId: eventId('parked'), pageId: pageId('1000'), at: GRANTED },
    ...{ reason: 'unknown-field', detail: 'onlyIf', commandId: commandId('restock:2000') },
    ...{ sourceTopic: 'otn.notify.commands.v1', sourcePartition: 0, sourceOffset: '0' },
    ...{ keyId: 'k1', sealed: Buffer.from('sealed') },
  }
  log.append('parked', { name: 'ParkedMessage', value, timestampMs: GRANTED + 2000 })
}
const attempted = (log: FakeLog) =>
  told(log, { type: 'NotificationAttempted', ...attempt, seconds: 2 })
const sent = (log: FakeLog) =>
  told(log, { type: 'NotificationSent', ...attempt, certainty: 'CONFIRMED', seconds: 3 })

const LOG_ENV = { KAFKA_BROKERS: 'kafka:9092', SCHEMA_REGISTRY_URL: 'http://registry' }

async function explained(log: FakeLog, words = 'restock:2000', nowMs = GRANTED + 10_000) {
  const ran = await run(`explain ${words} --json`, { log: log.opened, nowMs, env: LOG_ENV })
  return { ...ran, answer: ran.out === '' ? null : JSON.parse(ran.out) }
}

describe('otn explain, of a command', () => {
  test('tells every fact in log order, a repeated one once, and hides what is personal', async () => {
    const { answer, out, err } = await explained(story(granted, asked, attempted, attempted, sent))
    const facts: readonly { readonly type: string; readonly times: number }[] = answer.facts
    expect(facts.map(({ type, times }) => `${type} ${times}`)).toEqual([
      'Notify 1',
      'NotificationAttempted 2',
      'NotificationSent 1',
    ])
    expect(answer.verdict).toMatchObject({
      state: 'sent',
      sentence: 'attempt 1 went out, CONFIRMED',
    })
    expect(out).not.toContain('planted text')
    expect(err).toBe(`next: pnpm otn explain ${TOKEN}\n`)
  })

  test.each<[string, readonly ((log: FakeLog) => void)[], string]>([
    ['published only', [asked], 'published'],
    ['attempted', [asked, attempted], 'attempting'],
    [
      'waiting',
      [
        asked,
        (log) => {
          const rest = { reason: 'not-before', dueAt: GRANTED, keyId: 'k', sealed: Buffer.of(1) }
          told(log, { type: 'NotificationScheduled', attempt: 0, ...rest, seconds: 2 })
        },
      ],
      'waiting',
    ],
    [
      'in doubt',
      [
        attempted,
        (log) => {
          told(log, { type: 'NotificationInDoubt', attempt: 1, reason: 'doubt-stands', seconds: 9 })
        },
      ],
      'in-doubt',
    ],
    [
      'refused',
      [
        asked,
        (log) => {
          told(log, { type: 'NotificationFailed', attempt: 0, reason: 'token-spent', seconds: 2 })
        },
      ],
      'failed',
    ],
    ['parked, under the ids that it named', [asked, parked], 'parked'],
    [
      'sent, though another content came under its id later',
      [
        asked,
        attempted,
        sent,
        (log) => {
          const reason = 'command-id-reused'
          told(log, { type: 'CommandRejected', attempt: 0, reason, seconds: 4 })
        },
      ],
      'sent',
    ],
  ])('says how it stands and what can happen next: %s', async (_title, steps, state) => {
    const { answer, code } = await explained(story(...steps))
    expect(answer.verdict.state).toBe(state)
    expect(answer.verdict.next.join('').length).toBeGreaterThan(20)
    expect(code).toBe(0)
  })

  test('shows the answer that left it in doubt, and how a person closes it', async () => {
    const inDoubt = (log: FakeLog) => {
      const answer = {
        graphCode: 987_654,
        graphSubcode: 6,
        fbtraceId: 'A1x',
        detail: 'HTTP 400: new',
      }
      told(log, {
        ...attempt,
        type: 'NotificationInDoubt',
        reason: 'graph-unlisted',
        ...answer,
        seconds: 3,
      })
    }
    const settled = (log: FakeLog) => {
      const signed = { certainty: 'OPERATOR', settledBy: 'ada', reason: 'operator-settled' }
      const freed = { ...attempt, ...signed, tokenReleased: true, seconds: 9 }
      told(log, { type: 'NotificationFailed', ...freed })
    }
    const tell = (log: FakeLog) => run('explain restock:2000', { log: log.opened, env: LOG_ENV })
    const { out } = await tell(story(asked, attempted, inDoubt))
    expect(out).toContain('graphCode=987654  graphSubcode=6  fbtraceId=A1x  detail=HTTP 400: new')
    expect(out).toContain('pnpm otn doubt settle 1000 restock:2000 --sent or --not-sent')
    const after = (await tell(story(asked, attempted, inDoubt, settled))).out
    expect(after).toContain('✖ failed: A person settled the doubt: nothing went out')
    expect(after).toContain('certainty=OPERATOR  settledBy=ada')
  })

  test('asks which page where two have a command of this id', async () => {
    const log = story(asked, (other) => asked(other, '1001'))
    const { code, err } = await explained(log)
    expect(code).toBe(2)
    expect(err).toContain('1000, 1001')
    expect((await explained(log, 'restock:2000 --page 1001')).answer.pageId).toBe('1001')
  })

  test('ends with 3 where nothing speaks of it', async () => {
    const { code, err } = await explained(story(asked), 'another')
    expect(code).toBe(3)
    expect(err).toContain('nothing on the log speaks of')
  })
})

describe('otn explain, of a token', () => {
  const stateOf = async (log: FakeLog, nowMs?: number) =>
    (await explained(log, TOKEN, nowMs)).answer.verdict.state

  test('follows its life', async () => {
    expect(await stateOf(story(granted))).toBe('live')
    expect(await stateOf(story(granted, attempted))).toBe('reserved')
    expect(await stateOf(story(granted, attempted, sent))).toBe('redeemed')
  })

  test('lets it live again after a failure that let it go', async () => {
    const failed = (tokenReleased: boolean) => (log: FakeLog) => {
      const rest = { reason: 'graph-refused', tokenReleased, seconds: 3 }
      told(log, { ...attempt, type: 'NotificationFailed', ...rest })
    }
    expect(await stateOf(story(granted, attempted, failed(true)))).toBe('live')
    expect(await stateOf(story(granted, attempted, failed(false)))).toBe('rejected')
  })

  test('is not touched by a command that was refused before any call', async () => {
    const refused = (log: FakeLog) => {
      const rest = { attempt: 0, reason: 'token-held', tokenId: tokenId(TOKEN), seconds: 3 }
      told(log, { type: 'NotificationFailed', ...rest })
    }
    expect(await stateOf(story(granted, refused))).toBe('live')
  })

  test.each([
    [{ person: personId('sStxGmklUR7y9IbqqR-AlG') }, 1, 'withdrawn'],
    [{ topic: 'restock' }, 1, 'withdrawn'],
    [{ tokenId: tokenId(TOKEN) }, 1, 'withdrawn'],
    [{ topic: 'restock' }, -1, 'live'],
    [{ topic: 'other' }, 1, 'live'],
    [{ person: personId('another') }, 1, 'live'],
  ])('withdrawn by %j, %d seconds after the consent, is %s', async (by, seconds, state) => {
    const { answer } = await explained(story(granted, withdrawn(by, seconds)), TOKEN)
    expect(answer.verdict).toMatchObject({ state })
    expect(answer.facts).toHaveLength(state === 'withdrawn' ? 2 : 1)
  })

  test('expires a day before its year is over', async () => {
    const day = 86_400_000
    expect(await stateOf(story(granted), GRANTED + 364 * day - 1)).toBe('live')
    expect(await stateOf(story(granted), GRANTED + 364 * day)).toBe('expired')
  })

  test('shows what the ledger says beside it, and is told also while the ledger is away', async () => {
    const log = story(granted).opened
    const line = `explain ${TOKEN}`
    const there = await run(line, { log, answer: () => Response.json({ state: 'live' }) })
    expect(there.out).toContain('the ledger says: live')
    const away = await run(line, { log })
    expect(away.code).toBe(0)
    expect(away.err).toContain('the token-ledger at ledger does not answer')
  })

  test('by WINDOW says how each call went, and that no token was spent', async () => {
    const by = { attempt: 1, route: 'WINDOW', commandRoute: 'AUTO' } as const
    const out = (log: FakeLog) => told(log, { type: 'NotificationAttempted', ...by, seconds: 2 })
    const done = (log: FakeLog) =>
      told(log, { type: 'NotificationSent', ...by, certainty: 'CONFIRMED', seconds: 3 })
    const ran = await run('explain restock:2000', {
      log: story(asked, out, done).opened,
      env: LOG_ENV,
    })
    expect(ran.out).toContain('attempt=1  route=WINDOW  commandRoute=AUTO')
    expect(ran.out).toContain('this command is final and no token was spent')
  })

  test('is told to people line by line', async () => {
    const { out } = await run(`explain ${TOKEN}`, {
      log: story(granted, attempted, sent).opened,
      answer: () => Response.json({ state: 'redeemed' }),
    })
    expect(out).toBe(
      [
        `token ${TOKEN}  page 1000`,
        '✔ redeemed: its one message went out',
        '  the ledger says: redeemed',
        '',
        '2026-11-22 08:00:00.000Z  OptInReceived           topic=restock',
        '2026-11-22 08:00:02.000Z  NotificationAttempted   commandId=restock:2000  attempt=1  route=TOKEN',
        '2026-11-22 08:00:03.000Z  NotificationSent        commandId=restock:2000  attempt=1  ' +
          'route=TOKEN  certainty=CONFIRMED',
        '',
        'then: Ask for consent again before the next message.',
        '',
      ].join('\n'),
    )
  })
})
