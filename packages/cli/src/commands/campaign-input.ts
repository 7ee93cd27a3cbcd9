import type { StartCampaignInput } from '@otn/client'
import type { Command } from 'commander'
import { present, usage } from './flags.ts'

export interface StartFlags {
  readonly page: string
  readonly topic: string
  readonly text?: string
  readonly message?: string
  readonly commandId?: string
}

/** What it takes to say what a campaign sends to whom. */
export function startOptions(command: Command): Command {
  return command
    .requiredOption('--page <id>', 'page id')
    .requiredOption('--topic <topic>', 'whoever holds a live token for it is reached')
    .option('--text <text>', 'text of the message, below 2000 characters')
    .option('--message <json>', 'a Send API message, in place of --text')
}

export function startInput(
  campaignId: string,
  { page, topic, text, message, commandId }: StartFlags,
): StartCampaignInput {
  const content = { text, message: message === undefined ? undefined : readMessage(message) }
  const idempotencyKey = commandId
  const input = { pageId: page, campaignId, topic, ...present({ ...content, idempotencyKey }) }
  // What is wrong with it the client says, field by field.
  return input as unknown as StartCampaignInput
}

function readMessage(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usage('--message', { got: `${text.length} characters`, wanted: 'JSON of a message' })
  }
}
