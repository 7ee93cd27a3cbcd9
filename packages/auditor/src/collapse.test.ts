import { HOUR_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { collapsedStateOf, endOf } from '../test/support/audit-of.ts'
import { command, Story, token } from '../test/support/story.ts'
import { countCommands, findings } from './findings.ts'
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

  test('repeats say nothing', () => {
    const story = sent().notify(c1).attempted(c1, t1).sent(c1, t1).sent(c1, t1)
    expect(found(story)).toEqual([])
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
