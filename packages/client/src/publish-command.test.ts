import { codecInMemory } from '@otn/contracts'
import { appError, commandId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { publishCommand } from './publish-command.ts'

const command = { commandId: commandId('made-up'), pageId: pageId('1000') }
const codec = await codecInMemory()

describe('publishing a command', () => {
  test('that Kafka did not acknowledge tells the key of a safe repeat', async () => {
    const error = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'no answer' })
    const appender = { append: () => Promise.reject(error) }
    const published = publishCommand('notify', command, {
      appender,
      codec,
      topicPrefix: '',
      source: 's',
    })
    await expect(published).rejects.toMatchObject({
      code: 'OTN_BUS_NOT_ACKNOWLEDGED',
      retryable: true,
      message: 'no answer; a repeat must give idempotencyKey "made-up"',
      details: { commandId: 'made-up' },
    })
  })
})
