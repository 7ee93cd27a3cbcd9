import { commandDigestText } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import { codesOf } from '../test/support/audit-of.ts'
import { type Change, PAGE, person, Story, TOPIC } from '../test/support/story.ts'
import { sha256 } from './digest.ts'

const request = { commandId: 'r-1', pageId: PAGE, psid: '2000', topic: TOPIC, title: 'Tell you?' }
const digest = sha256(commandDigestText(request as never))

/** Facts of an opt-in request by psid, as the dispatcher writes them. */
class Asking extends Story {
  asked(change: Change = {}): this {
    return this.write('optInRequest', `${PAGE}:r-1`, { ...request, ...change })
  }

  told(type: string, attempt: number, change: Change = {}): this {
    const isFinal = type === 'Sent' || type === 'Failed'
    return this.write('optInRequestEvent', person(0), {
      ...{ type: `OptInRequest${type}`, eventId: `${isFinal ? 'Final' : type} ${attempt}` },
      ...{ commandId: 'r-1', commandDigest: digest, attempt, person: person(0), topic: TOPIC },
      ...{ route: 'WINDOW', tokenId: null, ...change },
    })
  }
}

const found = (story: Asking) => codesOf(story.records())
const SENT = { certainty: 'CONFIRMED', messageId: 'm' }

describe('an opt-in request on the log', () => {
  test('[U20] that went as it should is not found, nor one whose id a notification has as well', () => {
    const story = new Asking().page().asked().told('Attempted', 1).told('Sent', 1, SENT)
    expect(found(story)).toEqual([])
    expect(
      found(new Asking().page().asked().told('Failed', 0, { reason: 'request-open' })),
    ).toEqual([])
  })

  test('[U20] put again after an attempt that may have gone out is found: a person is asked twice', () => {
    const story = new Asking().page().asked().told('Attempted', 1)
    story.told('InDoubt', 1, { reason: 'outcome-unknown' })
    story.told('Attempted', 2).told('Sent', 2, SENT)
    expect(found(story)).toEqual(['command-moved'])
  })

  test('[U20] that nobody answers, or that is answered as another one, is found', () => {
    expect(found(new Asking().page().asked())).toEqual(['command-unanswered'])
    const other = new Asking().page().asked({ title: 'Other words?' }).told('Attempted', 1)
    expect(found(other.told('Sent', 1, SENT))).toContain('command-unanswered')
  })
})
