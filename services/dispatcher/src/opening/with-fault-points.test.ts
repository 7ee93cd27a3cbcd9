import { classify, type GraphObservation } from '@otn/graph-api'
import { Secret } from '@otn/kernel'
import type { Faults } from '@otn/runtime'
import { errorCodeOf } from '@otn/testing'
import { describe, expect, test } from 'vitest'
import { createCampaignWorld, KEY } from '../../test/support/campaign-world.ts'
import {
  fact,
  identity,
  MID,
  notify,
  PAGE,
  PERSON,
  sent,
  storedFact,
} from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'
import { newCampaignDocument, walked, withCampaignFact } from '../domain/campaign-document.ts'
import { stateOf } from '../domain/command.ts'
import { NO_ANSWER } from '../domain/decide-outcome.ts'
import type { DispatcherFaultPoint } from '../fault-points.ts'
import { onNotificationEvent } from '../handlers/on-notification-event.ts'
import { onReceiptEvent } from '../handlers/on-receipt-event.ts'
import { seamsWith } from './with-fault-points.ts'

const ID = `${PAGE}:c-1`

/** Faults that strike nobody and lose one answer: what was passed, and how the world was then. */
function observed({ loses = null }: { readonly loses?: DispatcherFaultPoint | null } = {}) {
  const passes: string[] = []
  let wish = loses
  const seen: { look: () => string } = { look: () => '' }
  const faults: Faults<DispatcherFaultPoint> = {
    pass: (point, side) => passes.push(`${point}.${side} ${seen.look()}`.trim()),
    loses: (point) => {
      const isLost = point === wish
      if (isLost) wish = null
      return isLost
    },
    around: async (point, work, lost) => {
      faults.pass(point, 'before')
      const answer = await work()
      faults.pass(point, 'after')
      return faults.loses(point) && lost ? lost() : answer
    },
  }
  return { passes, seen, seams: seamsWith(faults) }
}

/** A dispatcher in memory whose command finds one token. */
function dispatcher(loses: DispatcherFaultPoint | null = null) {
  const watched = observed({ loses })
  const ports = createMemoryPorts(watched.seams)
  ports.state.tokens = [proposed()]
  watched.seen.look = () => {
    const document = ports.store.read(ID)
    const state = document ? stateOf(document.command) : 'none'
    return `${state} untold ${document?.facts.length ?? 0} log ${ports.state.log.length}`
  }
  return { ...watched, ...ports }
}

/** What our own streams do to the same documents. */
function streams({ seams, commands, due }: ReturnType<typeof dispatcher>) {
  const own = { ...due, commands: seams.ownStreamCommands(commands) }
  const echoes = { read: () => ({ commandId: notify().commandId, attempt: 1 }) }
  const about = { ...{ pageId: PAGE, person: PERSON, at: 0 }, messageId: MID, isEcho: true }
  const eventId = identity.event('MessageEchoed', PAGE, ['1'])
  const echoed = { ...about, type: 'MessageEchoed', eventId } as unknown
  return {
    fold: onNotificationEvent(own),
    echo: () =>
      onReceiptEvent({ ...own, echoes })(
        echoed as Parameters<ReturnType<typeof onReceiptEvent>>[0],
      ),
  }
}

describe('without faults', () => {
  test('every port is the very one that was joined', () => {
    const { commandCommits, ...seams } = seamsWith(null)
    expect(Object.keys(seams)).toHaveLength(10)
    for (const seam of Object.values(seams)) {
      const port = {}
      expect((seam as (port: object) => object)(port)).toBe(port)
    }
    expect(commandCommits).toEqual({})
  })
})

describe('the points of a command', () => {
  test('stand right before and right after each step of it', async () => {
    const { go, passes } = dispatcher()
    await go(notify())
    expect(passes).toEqual([
      'record.before none untold 0 log 0',
      'record.after open untold 0 log 0',
      'ask.before open untold 0 log 0',
      'ask.after open untold 0 log 0',
      'claim.before open untold 0 log 0',
      'claim.after attempting untold 1 log 0',
      'intend.before attempting untold 1 log 0',
      'intend.after attempting untold 1 log 1',
      'gate.before attempting untold 1 log 1',
      'gate.after attempting untold 1 log 1',
      'decide.before attempting untold 1 log 1',
      'decide.after sent untold 1 log 1',
      'tell.before sent untold 1 log 1',
      'tell.after sent untold 1 log 2',
      'mark.before sent untold 1 log 2',
      'mark.after sent untold 0 log 2',
    ])
  })

  test('are those of a decision also where the outcome is unknown and nothing is told', async () => {
    const { go, state, passes } = dispatcher()
    state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await go(notify())
    expect(passes.slice(-2)).toEqual([
      'decide.before attempting untold 1 log 1',
      'decide.after attempting untold 0 log 1',
    ])
  })

  test('are passed by no look and no wait: a command that waits decides nothing', async () => {
    const { go, state, passes } = dispatcher()
    state.ledgerFails = new Error('away')
    await go(notify()).catch(() => {})
    expect(passes.map((pass) => pass.split(' ')[0])).toEqual([
      ...['record.before', 'record.after', 'ask.before'],
    ])
  })

  test('a claim that finds its token taken was not carried out', async () => {
    const { go, passes } = dispatcher()
    await go(notify({ commandId: 'c-0' as ReturnType<typeof notify>['commandId'] }))
    passes.length = 0
    await go(notify())
    const claims = passes.filter((pass) => pass.startsWith('claim'))
    expect(claims).toEqual(['claim.before open untold 0 log 2'])
  })
})

describe('a lost answer', () => {
  test.each([
    ['record', 'OTN_STORE_UNREACHABLE', 'open untold 0 log 0'],
    ['claim', 'OTN_STORE_UNREACHABLE', 'attempting untold 1 log 0'],
    ['tell', 'OTN_BUS_NOT_ACKNOWLEDGED', 'sent untold 1 log 2'],
  ] as const)('of %s is the error of a broken connection, and the work is done', async (...row) => {
    const [point, code, world] = row
    const { go, seen } = dispatcher(point)
    expect(await errorCodeOf(go(notify()))).toBe(code)
    expect(seen.look()).toBe(world)
  })

  test.each([
    ['ask', 'open untold 0 log 0'],
    ['intend', 'open untold 0 log 3'],
    ['gate', 'open untold 0 log 2'],
  ] as const)('of %s has the command go again later, uncalled', async (point, world) => {
    const { go, seen, state } = dispatcher(point)
    await go(notify())
    expect([seen.look(), state.calls.length]).toEqual([world, 0])
  })

  test('of the mark costs nothing: the document has nothing left to tell', async () => {
    const { go, seen, passes } = dispatcher('mark')
    await go(notify())
    expect(passes).toContain('mark.after sent untold 0 log 2')
    expect(seen.look()).toBe('sent untold 0 log 2')
  })

  test('of the decision leaves its fact to whoever looks next', async () => {
    const { go, seen, store, run } = dispatcher('decide')
    await go(notify())
    expect(seen.look()).toBe('sent untold 1 log 1')
    const [document] = store.all()
    if (document) await run(document)
    expect(seen.look()).toBe('sent untold 0 log 2')
  })
})

describe('the points of our own streams', () => {
  test('are the fold of facts and the settling by an echo, once per document settled', async () => {
    const watched = dispatcher()
    const { fold, echo } = streams(watched)
    watched.state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await watched.go(notify())
    watched.passes.length = 0
    await echo()
    await echo()
    const [document] = watched.store.all()
    if (document) await fold([fact(document.command, sent(1))])
    expect(watched.passes).toEqual([
      'echo.before attempting untold 0 log 1',
      'echo.after sent untold 1 log 1',
      'tell.before sent untold 1 log 1',
      'tell.after sent untold 1 log 2',
      'mark.before sent untold 1 log 2',
      'mark.after sent untold 0 log 2',
      'fold.before sent untold 0 log 2',
      'fold.after sent untold 0 log 2',
    ])
  })

  test.each(['fold', 'echo'] as const)('%s may lose the answer of the store', async (point) => {
    const watched = dispatcher(point)
    const { fold, echo } = streams(watched)
    watched.state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await watched.go(notify())
    const [document] = watched.store.all()
    if (!document) return expect.unreachable()
    const work = point === 'echo' ? echo() : fold([fact(document.command, sent(1))])
    expect(await errorCodeOf(work)).toBe('OTN_STORE_UNREACHABLE')
    expect(watched.seen.look()).toMatch(/^sent/)
  })
})

describe('the points of the call', () => {
  const request = { version: 'v21.0', pageAccessToken: new Secret('t'), body: '{}' }
  const call = { ...request, appSecret: new Secret('s') }
  const ok: GraphObservation = {
    ...{ seen: 'answered', status: 200, headers: {} },
    ...{ json: { message_id: 'm' }, bodyBytes: 2, bodyCut: false },
  }
  const client = (log: string[]) => ({
    send: async ({ mayStart = () => true }: { readonly mayStart?: () => boolean }) => {
      if (!mayStart()) return { seen: 'not-sent', cause: 'withdrawn' } as const
      log.push('bytes')
      return ok
    },
    close: async () => {},
    destroy: async () => {},
  })

  test('stand before it, between the last look and the first byte, and after it', async () => {
    const { passes, seams } = observed()
    const mayStart = () => passes.push('asked') > 0
    expect(await seams.graph(client(passes)).send({ ...call, mayStart })).toBe(ok)
    expect(passes).toEqual(['call.before', 'asked', 'call.wire', 'bytes', 'call.after'])
  })

  test('are not on the wire where the last look says no', async () => {
    const { passes, seams } = observed()
    const seen = await seams.graph(client(passes)).send({ ...call, mayStart: () => false })
    expect(seen.seen).toBe('not-sent')
    expect(passes).toEqual(['call.before', 'call.after'])
  })

  test('a lost answer is an outcome nobody knows, as after a connection that was cut', async () => {
    const { passes, seams } = observed({ loses: 'call' })
    const seen = await seams.graph(client(passes)).send(call)
    const verdict = classify(seen, { addressedBy: 'token', tokenUsedCodes: [] })
    expect(passes).toContain('bytes')
    expect(verdict).toMatchObject({ class: 'unknown', probe: 'allowed' })
  })
})

describe('the points of the consumer and of the start', () => {
  const where = { topic: 't', partition: 0 }
  const cursors = (moves: string[]) => ({
    lastKnown: () => 1n,
    read: async () => 1n,
    move: async () => moves.push('moved') > 0,
    place: async () => {},
  })

  test('stand around the move of the cursor and around the commit', async () => {
    const { passes, seams } = observed()
    const seamed = seams.commandCursors(cursors(passes))
    expect(await seamed.read(where)).toBe(1n)
    expect(await seamed.move(where, { from: 1n, to: 2n })).toBe(true)
    await seams.commandCommits.aroundCommit?.(async () => void passes.push('committed'))
    expect(passes).toEqual([
      ...['cursor.before', 'moved', 'cursor.after'],
      ...['commit.before', 'committed', 'commit.after'],
    ])
  })

  test('lose the answers of both', async () => {
    const moved = observed({ loses: 'cursor' })
    const move = moved.seams.commandCursors(cursors(moved.passes)).move
    expect(await errorCodeOf(move(where, { from: 1n, to: 2n }))).toBe('OTN_STORE_UNREACHABLE')
    const committed = observed({ loses: 'commit' })
    const commit = committed.seams.commandCommits.aroundCommit?.(async () => {})
    expect(await errorCodeOf(commit ?? Promise.resolve())).toBe('OTN_BUS_NOT_ACKNOWLEDGED')
  })

  test('stand around the fold of each stream at the start', async () => {
    const { passes, seams } = observed()
    const folded = { next: [], records: 0 }
    const fold = seams.catchUp(async () => folded)
    expect(await fold({} as Parameters<typeof fold>[0])).toBe(folded)
    expect(passes).toEqual(['catch-up.before', 'catch-up.after'])
  })
})

describe('[U12] the points of a campaign', () => {
  const campaigns = createCampaignWorld([]).ports.campaigns
  const started = withCampaignFact(newCampaignDocument(PAGE, 'spring'), {
    event: {
      type: 'CampaignPaused',
      eventId: identity.event('a', PAGE, []),
      pageId: PAGE,
      at: 0,
      campaignId: 'spring',
    },
    stored: storedFact('f'),
  })

  test('stand around what is decided about it and around its walk, and nothing else', async () => {
    const { passes, seams } = observed()
    const seamed = seams.campaigns(campaigns)
    await seamed.change(KEY, () => started)
    await seamed.change(KEY, (known) => known && walked(known, { next: 'a', recorded: 1 }))
    await seamed.change(KEY, (known) => known && { ...known, facts: [] })
    await seamed.change(KEY, () => null)
    expect(passes).toEqual(['steer.before', 'steer.after', 'walk.before', 'walk.after'])
  })

  test('lose the answers of both', async () => {
    const { seams } = observed({ loses: 'steer' })
    const lost = seams.campaigns(createCampaignWorld([]).ports.campaigns)
    expect(await errorCodeOf(lost.change(KEY, () => started))).toBe('OTN_STORE_UNREACHABLE')
  })
})
