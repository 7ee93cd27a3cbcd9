import { silentLog } from '@otn/bus'
import type { Notify, RequestOptIn } from '@otn/contracts'
import { type CampaignAct, campaignCalls, campaignCommand } from './campaign-command.ts'
import { cancelCommand } from './cancel-command.ts'
import { commandDigest } from './command-digest.ts'
import { newCommandId } from './command-id.ts'
import { commandToFollow } from './command-to-follow.ts'
import { CLOSE_MS, type Connection, connect } from './connect.ts'
import type { FactStream } from './fact-reader.ts'
import { invalid, shown } from './fault.ts'
import type { LogPosition, Notified, Notifier, Steered } from './notifier.ts'
import { checkOptions, type NotifierOptions } from './notifier-options.ts'
import { notifyCommand } from './notify-command.ts'
import { createOutcomeFollower } from './outcome-follower.ts'
import { type PublisherParts, publishCommand } from './publish-command.ts'
import { publishedCommands } from './published-commands.ts'
import { requestCommand } from './request-command.ts'
import { withdrawCommand } from './withdraw-command.ts'

/** Far above a slow broker's election, and short enough for a caller to notice. */
const ACKNOWLEDGE_MS = 10_000
/** Commands whose outcome can be asked for by id alone. */
const COMMANDS_KEPT = 10_000

/**
 * Connects to a deployment.
 * @throws OTN_CLIENT_INVALID naming every wrong option; OTN_CONFIG_INVALID where the schemas are
 *   not published; OTN_BUS_UNREACHABLE, OTN_REGISTRY_UNREACHABLE (both retryable)
 */
export async function createNotifier(options: NotifierOptions): Promise<Notifier> {
  checkOptions(options)
  const { source, log = silentLog } = options
  const connection = await connect(options)
  const { bus, codec } = connection
  const appender = bus.appender({ name: 'client', deadlineMs: ACKNOWLEDGE_MS })
  const publisher = { appender, codec, topicPrefix: options.kafka.topicPrefix ?? '', source }
  const messages = openStream('notification', { ...connection, log })
  const questions = openStream('optInRequestEvent', { ...connection, log })
  const circumstances = () => {
    const nowMs = Date.now()
    return { newId: newCommandId(nowMs), source, nowMs }
  }
  const steer = (act: CampaignAct, input: object) =>
    publishCampaign(campaignCommand(act, input, circumstances()), { act, publisher })
  const close = async (): Promise<void> => {
    await Promise.all([messages.close(), questions.close()])
    await appender.close(CLOSE_MS)
    await bus.close(CLOSE_MS)
  }
  return {
    notify: async (input) => {
      const made = notifyCommand(input, circumstances())
      if ('faults' in made) throw invalid('notify', made.faults)
      const { command } = made
      return messages.publish(command, () => publishCommand('notify', command, publisher))
    },
    requestOptIn: async (input) => {
      const made = requestCommand(input, circumstances())
      if ('faults' in made) throw invalid('requestOptIn', made.faults)
      const { command } = made
      const published = await questions.publish(command, () =>
        publishCommand('optInRequest', command, publisher),
      )
      return { ...published, asks: true }
    },
    withdraw: async (input) => {
      const made = withdrawCommand(input, circumstances())
      if ('faults' in made) throw invalid('withdraw', made.faults)
      const { commandId, pageId } = made.command
      const position = await publishCommand('consent', made.command, publisher)
      return { pageId, commandId, position }
    },
    cancel: async (input) => {
      const made = cancelCommand(input, circumstances())
      if ('faults' in made) throw invalid('cancel', made.faults)
      const { commandId, pageId } = made.command
      const position = await publishCommand('cancel', made.command, publisher)
      return { pageId, commandId, position }
    },
    campaign: campaignCalls(steer),
    outcome: async (command, asked = {}) => {
      const { waitMs = 0 } = asked
      if (!(waitMs >= 0)) {
        const wanted = 'milliseconds, 0 or more'
        throw invalid('outcome', [{ field: 'waitMs', got: shown(waitMs), wanted }])
      }
      const isQuestion =
        typeof command === 'string'
          ? questions.published.find(command, asked.pageId) !== null
          : command.asks === true
      const { follower, published, topic } = isQuestion ? questions : messages
      const lookup = { options: asked, published, topic, positions: bus.positions }
      return follower.outcome(await commandToFollow(command, lookup), waitMs)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function publishCampaign(
  made: ReturnType<typeof campaignCommand>,
  { act, publisher }: { readonly act: CampaignAct; readonly publisher: PublisherParts },
): Promise<Steered> {
  if ('faults' in made) throw invalid(`campaign.${act}`, made.faults)
  const { commandId, pageId, campaignId } = made.command
  const position = await publishCommand('campaign', made.command, publisher)
  return { pageId, campaignId, commandId, position }
}

/** Commands of one kind, with what is known to have become of them. */
function openStream(
  topic: FactStream,
  { bus, codec, log, factsEnd }: Connection & { readonly log: NonNullable<NotifierOptions['log']> },
) {
  const published = publishedCommands(COMMANDS_KEPT)
  const follower = createOutcomeFollower({ topic, bus, codec, log, published })
  return {
    ...{ topic, published, follower },
    publish: async (
      command: Notify | RequestOptIn,
      append: () => Promise<LogPosition>,
    ): Promise<Notified> => {
      const { commandId, pageId } = command
      const digest = commandDigest(command)
      const outcomeFrom = await factsEnd[topic]()
      // Known before it is sent: its facts may come before the acknowledgement does.
      published.remember({ pageId, commandId, digest, outcomeFrom })
      const position = await append()
      return { pageId, commandId, position, digest, outcomeFrom: outcomeFrom.map(String) }
    },
    close: () => follower.close(),
  }
}
