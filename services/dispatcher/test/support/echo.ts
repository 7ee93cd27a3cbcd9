import { type EventId, messageId, pageScopedUserId } from '@otn/kernel'
import type { GraphCall } from './fake-graph.ts'
import { APP_ID, type Granted, identity, PAGE, type Scene } from './scene.ts'

/** What the ingress writes when the platform echoes a message of ours. */
export async function echo(
  scene: Scene,
  {
    call,
    granted,
    change = {},
  }: {
    readonly call: GraphCall
    readonly granted: Pick<Granted, 'psid'>
    readonly change?: { readonly appId?: string; readonly metadata?: string }
  },
): Promise<EventId> {
  const person = identity.person(PAGE, pageScopedUserId(granted.psid))
  const { metadata } = call.body.message
  const at = scene.clock.now
  const eventId = identity.event('MessageEchoed', PAGE, [granted.psid, metadata, String(at)])
  const value = {
    ...({ type: 'MessageEchoed', eventId, pageId: PAGE, person, at, occurredAt: at } as const),
    ...{ messageId: messageId('m_echo'), appId: APP_ID, metadata, ...change },
  }
  await scene.append('receipt', [{ key: person, record: 'ReceiptEvent', value }])
  return eventId
}
