/** What stands at the platform and on the log before anything happens. */
import { eventId, pageId } from '@otn/kernel'
import { personIdOf } from './judge-questions.ts'
import type { Universe } from './universe.ts'
import type { Workload, Writer } from './workload.ts'

export function placeWorkload(universe: Universe, workload: Workload): void {
  const { platform, judge } = universe
  for (const token of workload.tokens) platform.grant(token)
  for (const raw of workload.stolen) platform.stolen.add(raw)
  for (const given of [...workload.commands, ...workload.requests]) judge.expect(given)
  for (const writer of workload.writers) write(universe, writer)
}

/** Somebody wrote to a page, and the log knows it. */
function write({ platform, bytes, kafka }: Universe, { page, psid, at }: Writer): void {
  platform.wrote({ page, psid }, at)
  const person = personIdOf({ page, psid })
  const id = eventId(`wrote-${page}-${psid}`)
  const context = { record: 'EngagementEvent', eventId: id, owner: person }
  const value = bytes.codec.encode('EngagementEvent', {
    ...{ type: 'PersonEngaged', kind: 'message', eventId: id, pageId: pageId(page), person },
    ...{ at, occurredAt: at, ...bytes.vault.seal({ psid }, context) },
  })
  kafka.write([{ topic: 'engagement', key: person, value, headers: {} }])
}
