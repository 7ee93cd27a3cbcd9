import { silentLog } from '@otn/bus'
import { commandDigest } from './command-digest.ts'
import { newCommandId } from './command-id.ts'
import { commandToFollow } from './command-to-follow.ts'
import { CLOSE_MS, connect } from './connect.ts'
import { invalid, shown } from './fault.ts'
import type { Notifier } from './notifier.ts'
import { checkOptions, type NotifierOptions } from './notifier-options.ts'
import { notifyCommand } from './notify-command.ts'
import { createOutcomeFollower } from './outcome-follower.ts'
import { publishCommand } from './publish-command.ts'
import { publishedCommands } from './published-commands.ts'
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
  const { bus, codec, factsEnd } = await connect(options)
  const appender = bus.appender({ name: 'client', deadlineMs: ACKNOWLEDGE_MS })
  const publishing = { appender, codec, topicPrefix: options.kafka.topicPrefix ?? '', source }
  const published = publishedCommands(COMMANDS_KEPT)
  const follower = createOutcomeFollower({ bus, codec, log, published })
  const close = async (): Promise<void> => {
    await follower.close()
    await appender.close(CLOSE_MS)
    await bus.close(CLOSE_MS)
  }
  return {
    notify: async (input) => {
      const nowMs = Date.now()
      const made = notifyCommand(input, { newId: newCommandId(nowMs), source, nowMs })
      if ('faults' in made) throw invalid('notify', made.faults)
      const { commandId, pageId } = made.command
      const digest = commandDigest(made.command)
      const outcomeFrom = await factsEnd()
      // Known before it is sent: its facts may come before the acknowledgement does.
      published.remember({ pageId, commandId, digest, outcomeFrom })
      const position = await publishCommand('notify', made.command, publishing)
      return { pageId, commandId, position, digest, outcomeFrom: outcomeFrom.map(String) }
    },
    withdraw: async (input) => {
      const nowMs = Date.now()
      const made = withdrawCommand(input, { newId: newCommandId(nowMs), source, nowMs })
      if ('faults' in made) throw invalid('withdraw', made.faults)
      const { commandId, pageId } = made.command
      const position = await publishCommand('consent', made.command, publishing)
      return { pageId, commandId, position }
    },
    outcome: async (command, asked = {}) => {
      const { waitMs = 0 } = asked
      if (!(waitMs >= 0)) {
        const wanted = 'milliseconds, 0 or more'
        throw invalid('outcome', [{ field: 'waitMs', got: shown(waitMs), wanted }])
      }
      const lookup = { options: asked, published, positions: bus.positions }
      return follower.outcome(await commandToFollow(command, lookup), waitMs)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
