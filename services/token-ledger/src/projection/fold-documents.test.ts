import { describe, expect, test } from 'vitest'
import { called, optIn, tokenIdOf } from '../../test/facts.ts'
import { createFakeStore } from '../../test/fake-store.ts'
import { onNotificationEvent } from '../handlers/on-notification-event.ts'
import { onOptInReceived } from '../handlers/on-opt-in-received.ts'
import { foldDocuments } from './fold-documents.ts'

const one = { psid: '11', token: 't1' }
const granted = onOptInReceived(optIn(one).value)
const sent = onNotificationEvent(called({ type: 'NotificationSent', ...one }).value)
const id = tokenIdOf(one.token)

describe('folding into documents', () => {
  test('writes a document once, however many facts of a batch speak of it', async () => {
    const store = createFakeStore()
    const { model } = await store.now()
    await foldDocuments(model, [granted, sent, sent])
    expect(store.revision('tokens', id)).toBe(0)
    expect(store.document('tokens', id)).toMatchObject({ consent: { pageId: '1000' } })
  })

  test('writes nothing where the facts were folded before', async () => {
    const store = createFakeStore()
    const { model } = await store.now()
    await foldDocuments(model, [granted, sent])
    await foldDocuments(model, [sent, granted])
    expect(store.revision('tokens', id)).toBe(0)
  })

  test('gives up until later where others never stop writing the same document', async () => {
    const store = createFakeStore()
    const { model } = await store.now()
    store.overtake('tokens', Number.POSITIVE_INFINITY)
    await expect(foldDocuments(model, [granted])).rejects.toMatchObject({
      code: 'OTN_STORE_CONFLICT',
      retryable: true,
    })
  })
})
