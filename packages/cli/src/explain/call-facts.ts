import { inNotificationWords, type NotificationEvent } from '@otn/contracts'
import type { StoryFact } from './story.ts'

/** Facts about calls to the Send API, those of questions in the words of a notification. */
export function callFacts(facts: readonly StoryFact[]): readonly NotificationEvent[] {
  return facts.flatMap((fact) => {
    if (fact.topic === 'optInRequestEvent') return [inNotificationWords(fact.decoded.value)]
    return fact.topic === 'notification' ? [fact.decoded.value] : []
  })
}
