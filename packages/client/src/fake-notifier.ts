import type { Notify, WithdrawConsent } from '@otn/contracts'
import { appError } from '@otn/kernel'
import { commandDigest } from './command-digest.ts'
import { newCommandId } from './command-id.ts'
import { invalid } from './fault.ts'
import type { Notified, Notifier, Outcome } from './notifier.ts'
import { notifyCommand } from './notify-command.ts'
import { explain } from './outcome.ts'
import { withdrawCommand } from './withdraw-command.ts'

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
  /** Every distinct withdrawal, in order of publication. */
  readonly withdrawals: readonly WithdrawConsent[]
  /** Sets or changes what became of a command. */
  settle(commandId: string, outcome: Outcome): void
  /** Makes the next call reject, as when Kafka is away. Nothing is published then. */
  failNext(error: Error): void
}

/** Stands in for `createNotifier` in tests that need no engine. Nothing in it waits. */
export function createFakeNotifier(options: FakeNotifierOptions = {}): FakeNotifier {
  const { source = 'test', answer = sent } = options
  const commands: Notify[] = []
  const withdrawals: WithdrawConsent[] = []
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
  const reach = (): void => {
    const error = failure
    failure = null
    if (error) throw error
  }
  const requireOpen = (): void => {
    if (isClosed) throw appError('OTN_BUS_CLOSED', { message: 'the notifier was closed' })
  }
  return {
    commands,
    withdrawals,
    withdraw: async (input) => {
      requireOpen()
      const nowMs = Date.now()
      const made = withdrawCommand(input, { newId: newCommandId(nowMs), source, nowMs })
      if ('faults' in made) throw invalid('withdraw', made.faults)
      reach()
      const { pageId, commandId } = made.command
      const isKnown = withdrawals.some((one) => {
        return one.commandId === commandId && one.pageId === pageId
      })
      if (!isKnown) withdrawals.push(made.command)
      const offset = String(withdrawals.length - 1)
      return { pageId, commandId, position: { kafkaTopic: 'fake', partition: 0, offset } }
    },
    notify: async (input): Promise<Notified> => {
      requireOpen()
      const nowMs = Date.now()
      const made = notifyCommand(input, { newId: newCommandId(nowMs), source, nowMs })
      if ('faults' in made) throw invalid('notify', made.faults)
      reach()
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
