import type { Notify } from '@otn/contracts'
import { appError } from '@otn/kernel'
import { commandDigest } from './command-digest.ts'
import { newCommandId } from './command-id.ts'
import { invalid } from './fault.ts'
import type { Notified, Notifier, Outcome } from './notifier.ts'
import { notifyCommand } from './notify-command.ts'
import { explain } from './outcome.ts'

export interface FakeNotifierOptions {
  /** Default `test`. */
  readonly source?: string
  /** What becomes of a command; by default it is sent. */
  readonly answer?: (command: Notify) => Outcome
}

/** A notifier in memory: the same checks and the same idempotence as the real one, at once. */
export interface FakeNotifier extends Notifier {
  /** Every distinct command, in order of publication. */
  readonly commands: readonly Notify[]
  /** Sets or changes what became of a command. */
  settle(commandId: string, outcome: Outcome): void
  /** Makes the next `notify` reject, as when Kafka is away. Nothing is published then. */
  failNext(error: Error): void
}

/** Stands in for `createNotifier` in tests that need no engine. Nothing in it waits. */
export function createFakeNotifier(options: FakeNotifierOptions = {}): FakeNotifier {
  const { source = 'test', answer = sent } = options
  const commands: Notify[] = []
  const outcomes = new Map<string, Outcome>()
  let failure: Error | null = null
  let isClosed = false

  const publish = (command: Notify): void => {
    const { commandId, pageId } = command
    const first = commands.find((one) => one.commandId === commandId && one.pageId === pageId)
    if (first === undefined) {
      commands.push(command)
      outcomes.set(commandId, answer(command))
    } else if (commandDigest(first) !== commandDigest(command)) {
      outcomes.set(commandId, reused())
    }
  }
  const close = async (): Promise<void> => {
    isClosed = true
  }
  return {
    commands,
    notify: async (input): Promise<Notified> => {
      if (isClosed) throw appError('OTN_BUS_CLOSED', { message: 'the notifier was closed' })
      const nowMs = Date.now()
      const made = notifyCommand(input, { newId: newCommandId(nowMs), source, nowMs })
      if ('faults' in made) throw invalid('notify', made.faults)
      const error = failure
      failure = null
      if (error) throw error
      publish(made.command)
      const { pageId, commandId } = made.command
      const position = { kafkaTopic: 'fake', partition: 0, offset: String(commands.length - 1) }
      return {
        pageId,
        commandId,
        position,
        digest: commandDigest(made.command),
        outcomeFrom: ['0'],
      }
    },
    outcome: async (command) => {
      const commandId = typeof command === 'string' ? command : command.commandId
      return outcomes.get(commandId) ?? { state: 'pending' }
    },
    close,
    [Symbol.asyncDispose]: close,
    settle: (commandId, outcome) => void outcomes.set(commandId, outcome),
    failNext: (error) => {
      failure = error
    },
  }
}

function sent({ commandId }: Notify): Outcome {
  const at = Date.now()
  return { state: 'sent', at, messageId: `m_${commandId}`, certainty: 'CONFIRMED' }
}

function reused(): Outcome {
  const explained = explain('command-id-reused')
  return { state: 'failed', at: Date.now(), ...explained, tokenReleased: true }
}
