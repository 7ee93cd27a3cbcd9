import type { Notify, RequestOptIn, WithdrawConsent } from '@otn/contracts'
import { appError } from '@otn/kernel'
import { commandDigest } from './command-digest.ts'
import { newCommandId } from './command-id.ts'
import { invalid } from './fault.ts'
import type { Notified, Notifier, Outcome, WithdrawRequested } from './notifier.ts'
import { notifyCommand } from './notify-command.ts'
import { explain } from './outcome.ts'
import { requestCommand } from './request-command.ts'
import { withdrawCommand } from './withdraw-command.ts'

export interface FakeNotifierOptions {
  /** Default `test`. */
  readonly source?: string
  /** What becomes of a command; by default it is sent. */
  readonly answer?: (command: Notify) => Outcome
  /** What becomes of a question; by default it is put. */
  readonly answerRequest?: (request: RequestOptIn) => Outcome
}

/** A notifier in memory: the same checks and the same idempotence as the real one, at once. */
export interface FakeNotifier extends Notifier {
  /** Every distinct command, in order of publication. */
  readonly commands: readonly Notify[]
  /** The same of opt-in requests. */
  readonly requests: readonly RequestOptIn[]
  /** Every distinct withdrawal, in order of publication. */
  readonly withdrawals: readonly WithdrawConsent[]
  /** Sets or changes what became of a command. */
  settle(commandId: string, outcome: Outcome): void
  /** Makes the next call reject, as when Kafka is away. Nothing is published then. */
  failNext(error: Error): void
}

/** Stands in for `createNotifier` in tests that need no engine. Nothing in it waits. */
export function createFakeNotifier(options: FakeNotifierOptions = {}): FakeNotifier {
  const { source = 'test', answer = sent, answerRequest = sent } = options
  const commands: Notify[] = []
  const requests: RequestOptIn[] = []
  const withdrawals: WithdrawConsent[] = []
  const outcomes = new Map<string, Outcome>()
  let failure: Error | null = null
  let isClosed = false

  const reach = (): void => {
    const error = failure
    failure = null
    if (error) throw error
  }
  const publish = <T extends Notify | RequestOptIn>(
    command: T,
    to: { readonly list: T[]; readonly answer: (command: T) => Outcome },
  ): Notified => {
    reach()
    const { commandId, pageId } = command
    const digest = commandDigest(command)
    const all = [...commands, ...requests]
    const first = all.find((one) => one.commandId === commandId && one.pageId === pageId)
    if (first === undefined) {
      to.list.push(command)
      outcomes.set(commandId, to.answer(command))
    } else if (commandDigest(first) !== digest) {
      outcomes.set(commandId, reused())
    }
    const position = { kafkaTopic: 'fake', partition: 0, offset: String(to.list.length - 1) }
    return { pageId, commandId, position, digest, outcomeFrom: ['0'] }
  }
  const circumstances = () => {
    if (isClosed) throw appError('OTN_BUS_CLOSED', { message: 'the notifier was closed' })
    const nowMs = Date.now()
    return { newId: newCommandId(nowMs), source, nowMs }
  }
  const close = async (): Promise<void> => {
    isClosed = true
  }
  return {
    commands,
    withdrawals,
    requests,
    withdraw: async (input) => {
      const made = withdrawCommand(input, circumstances())
      if ('faults' in made) throw invalid('withdraw', made.faults)
      reach()
      return withdrawn(made.command, withdrawals)
    },
    notify: async (input) => {
      const made = notifyCommand(input, circumstances())
      if ('faults' in made) throw invalid('notify', made.faults)
      return publish(made.command, { list: commands, answer })
    },
    requestOptIn: async (input) => {
      const made = requestCommand(input, circumstances())
      if ('faults' in made) throw invalid('requestOptIn', made.faults)
      return { ...publish(made.command, { list: requests, answer: answerRequest }), asks: true }
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

function withdrawn(command: WithdrawConsent, known: WithdrawConsent[]): WithdrawRequested {
  const { pageId, commandId } = command
  const isKnown = known.some((one) => one.commandId === commandId && one.pageId === pageId)
  if (!isKnown) known.push(command)
  const position = { kafkaTopic: 'fake', partition: 0, offset: String(known.length - 1) }
  return { pageId, commandId, position }
}

function sent({ commandId }: Notify | RequestOptIn): Outcome {
  const at = Date.now()
  return { state: 'sent', at, messageId: `m_${commandId}`, certainty: 'CONFIRMED' }
}

function reused(): Outcome {
  const explained = explain('command-id-reused')
  return { state: 'failed', at: Date.now(), ...explained, tokenReleased: true }
}
