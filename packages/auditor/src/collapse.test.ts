import { HOUR_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { collapsedStateOf, endOf, stateOf } from '../test/support/audit-of.ts'
import { command, Story, token } from '../test/support/story.ts'
import { collapse, countCommands, findings } from './findings.ts'
import { defaultLimits } from './limits.ts'

const [c1, c2] = [command(1), command(2)]
const [t1, t2] = [token(1), token(2)]
const consented = () => new Story().page().optIn(t1).optIn(t2).notify(c1)
const sent = () => consented().attempted(c1, t1).sent(c1, t1).after(HOUR_MS)
const released = { attempt: 1, tokenId: t1.tokenId, tokenReleased: true }
const failed = () => consented().attempted(c1, t1).failed(c1, released).after(HOUR_MS)

/** What is found where every command is kept in short as soon as it may be. */
function found(story: Story): readonly string[] {
  const records = story.records()
  const state = collapsedStateOf(records)
  return findings(state, endOf(records), defaultLimits).map(({ code }) => code)
}

describe('of a command that is kept in short', () => {
  test('nothing is left but that it ended', () => {
    const state = collapsedStateOf(sent().records())
    expect(countCommands(state)).toEqual({ total: 1, inDoubt: 0, settled: 1 })
    expect([...state.commands.values()]).toMatchObject([{ facts: [], asked: [] }])
  })

  test('nothing is remembered but the id of its end', () => {
    const state = collapsedStateOf(sent().records())
    expect(state.ended.size).toBe(0)
    const whole = stateOf(sent().records())
    // The attempt is forgotten; consents and the final fact stay.
    expect([whole.events.size, state.events.size]).toEqual([4, 3])
    expect(whole.ended.size).toBe(1)
  })

  test('there is none while it is in doubt, and that is counted', () => {
    const state = collapsedStateOf(consented().attempted(c1, t1).inDoubt(c1, t1).records())
    expect(countCommands(state)).toEqual({ total: 1, inDoubt: 1, settled: 0 })
    expect(state.commands.get('1000:c-1')?.facts).toHaveLength(2)
  })

  test('it ended a while ago, so that nothing that belongs to it is still to be read', () => {
    const records = sent().records()
    const last = records.at(-1)?.place.timestampMs ?? 0
    const settled = (nowMs: number) =>
      countCommands(collapse(stateOf(records), nowMs, defaultLimits)).settled
    expect(settled(last + defaultLimits.tellMs - 1)).toBe(0)
    expect(settled(last + defaultLimits.tellMs)).toBe(1)
  })

  test('a command with a finding is none: it is to be explained', () => {
    const state = collapsedStateOf(consented().sent(c1, t1).records())
    expect(countCommands(state).settled).toBe(0)
    const doubled = consented().notify(c2).attempted(c1, t1).attempted(c2, t1)
    const records = doubled.sent(c1, t1).sent(c2, t1).records()
    expect(countCommands(collapsedStateOf(records)).settled).toBe(0)
  })

  test('repeats say nothing', () => {
    const story = sent().notify(c1).attempted(c1, t1).sent(c1, t1).sent(c1, t1)
    expect(found(story)).toEqual([])
    const [once, again] = [sent(), story].map((told) => collapsedStateOf(told.records()))
    expect(again?.commands).toEqual(once?.commands)
    expect(again?.events.size).toBe(once?.events.size)
    expect(again?.ended.size).toBe(0)
  })

  test('the answer to a rejected copy is kept, for another copy may come', () => {
    const other = command(1, { text: 'Another text.' })
    const story = consented().attempted(c1, t1).notify(other).fact('CommandRejected', other)
    expect(found(story.sent(c1, t1).after(HOUR_MS).notify(other))).toEqual([])
  })

  test('another end is found', () => {
    expect(found(failed().sent(c1, t1))).toContain('two-finals')
    expect(found(sent().sent(c1, t1, 1, { messageId: 'm_other' }))).toEqual(['two-finals'])
  })

  test('a further attempt is found', () => {
    expect(found(sent().attempted(c1, t1, 2))).toEqual(['attempt-after-final'])
  })

  test('another outcome of its attempt is found', () => {
    expect(found(failed().inDoubt(c1, t1))).toEqual(['settled-contradicted'])
  })

  test('the doubt that its Sent had settled is none, however late it is read', () => {
    expect(found(sent().inDoubt(c1, t1))).toEqual([])
  })

  test('the rejection of a repeat is found', () => {
    expect(found(sent().fact('CommandRejected', c1))).toEqual(['rejected-itself'])
  })

  test('another command of its id still needs an answer', () => {
    const other = command(1, { text: 'Another text.' })
    expect(found(sent().notify(other))).toEqual(['command-unanswered'])
    expect(found(sent().notify(other).fact('CommandRejected', other))).toEqual([])
  })

  test('the token is not free', () => {
    const again = sent().notify(c2).attempted(c2, t1).sent(c2, t1)
    expect(found(again)).toEqual(['token-doubled', 'token-sent-twice'])
    expect(found(failed().notify(c2).attempted(c2, t1).sent(c2, t1))).toEqual([])
  })

  test('a withdrawal that is read later, and was earlier, is found', () => {
    const story = consented().after(HOUR_MS).attempted(c1, t1).sent(c1, t1)
    const withdrawn = new Story().tokenEvent('TokenWithdrawn', t1).entries[0]
    story.after(HOUR_MS).tokenEvent('TokenWithdrawn', t1, { at: withdrawn?.value.at })
    expect(found(story)).toEqual(['attempt-after-withdrawal'])
  })
})
