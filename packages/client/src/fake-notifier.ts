import type {
  CampaignCommand,
  CancelNotification,
  Notify,
  RequestOptIn,
  WithdrawConsent,
} from '@otn/contracts'
import { appError } from '@otn/kernel'
import { type CampaignAct, campaignCalls, campaignCommand } from './campaign-command.ts'
import { cancelCommand } from './cancel-command.ts'
import { commandDigest } from './command-digest.ts'
import { newCommandId } from './command-id.ts'
import { type Fault, invalid } from './fault.ts'
import type { Notified, Notifier, Outcome, Requested, Steered } from './notifier.ts'
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
  /** Every distinct cancel, in order of publication. */
  readonly cancels: readonly CancelNotification[]
  /** Every distinct command that starts or steers a campaign, in order of publication. */
  readonly campaigns: readonly CampaignCommand[]
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
  const cancels: CancelNotification[] = []
  const campaigns: CampaignCommand[] = []
  const outcomes = new Map<string, Outcome>()
  let failure: Error | null = null
  let isClosed = false

  /** What was made of an input, once it is sound and the log can be reached. */
  const checked = <T>(method: string, made: { command: T } | { faults: readonly Fault[] }): T => {
    if ('faults' in made) throw invalid(method, made.faults)
    const error = failure
    failure = null
    if (error) throw error
    return made.command
  }
  const publish = <T extends Notify | RequestOptIn>(command: T, to: Kind<T>) =>
    published(command, { ...to, known: [...commands, ...requests], outcomes })
  const circumstances = () => {
    if (isClosed) throw appError('OTN_BUS_CLOSED', { message: 'the notifier was closed' })
    const nowMs = Date.now()
    return { newId: newCommandId(nowMs), source, nowMs }
  }
  const steer = async (act: CampaignAct, input: object): Promise<Steered> => {
    const made = campaignCommand(act, input, circumstances())
    const command = checked(`campaign.${act}`, made)
    return { ...requested(command, campaigns), campaignId: command.campaignId }
  }
  const close = async (): Promise<void> => {
    isClosed = true
  }
  return {
    commands,
    withdrawals,
    cancels,
    campaigns,
    requests,
    withdraw: async (input) =>
      requested(checked('withdraw', withdrawCommand(input, circumstances())), withdrawals),
    cancel: async (input) => {
      const command = checked('cancel', cancelCommand(input, circumstances()))
      // What was published has its outcome at once, so only what was not can be cancelled.
      const { cancels: id } = command
      if (!outcomes.has(id)) outcomes.set(id, { state: 'cancelled', at: Date.now() })
      return requested(command, cancels)
    },
    campaign: campaignCalls(steer),
    notify: async (input) => {
      const command = checked('notify', notifyCommand(input, circumstances()))
      return publish(command, { list: commands, answer })
    },
    requestOptIn: async (input) => {
      const command = checked('requestOptIn', requestCommand(input, circumstances()))
      return { ...publish(command, { list: requests, answer: answerRequest }), asks: true }
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

interface Kind<T> {
  readonly list: T[]
  readonly answer: (command: T) => Outcome
}

interface Known {
  readonly known: readonly (Notify | RequestOptIn)[]
  readonly outcomes: Map<string, Outcome>
}

function published<T extends Notify | RequestOptIn>(
  command: T,
  { list, answer, known, outcomes }: Kind<T> & Known,
): Notified {
  const { commandId, pageId } = command
  const digest = commandDigest(command)
  const first = known.find((one) => one.commandId === commandId && one.pageId === pageId)
  if (first === undefined) {
    list.push(command)
    // Cancelled before it came, it stays so.
    if (!outcomes.has(commandId)) outcomes.set(commandId, answer(command))
  } else if (commandDigest(first) !== digest) {
    outcomes.set(commandId, reused())
  }
  const position = { kafkaTopic: 'fake', partition: 0, offset: String(list.length - 1) }
  return { pageId, commandId, position, digest, outcomeFrom: ['0'] }
}

function requested<T extends WithdrawConsent | CancelNotification | CampaignCommand>(
  command: T,
  known: T[],
): Requested {
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
