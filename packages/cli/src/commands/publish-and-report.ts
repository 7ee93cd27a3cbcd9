/** Publishes a command, waits for what becomes of it if that is wanted, and tells. */
import type { Notified, Notifier, Outcome } from '@otn/client'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { notifierOptions } from '../log/notifier-options.ts'
import { showInstant } from '../output/instant.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { wholeFlag } from './flags.ts'
import type { Run } from './leaf.ts'

const WAIT_MS_MAX = 3_600_000

interface Publishing {
  /** `--wait`: how long, milliseconds. */
  readonly wait: string | undefined
  readonly publish: (notifier: Notifier) => Promise<Notified>
}

export async function publishAndReport({ wait, publish }: Publishing, run: Run): Promise<ExitCode> {
  const waitMs =
    wait === undefined ? null : wholeFlag('--wait', { text: wait, min: 0, max: WAIT_MS_MAX })
  const settings = run.context.read(logSettings)
  const notifier = await run.shell.createNotifier(notifierOptions(settings))
  try {
    const notified = await publish(notifier)
    const outcome = waitMs === null ? null : await waitFor(notified, { notifier, waitMs, run })
    return report(notified, { outcome, run })
  } finally {
    await notifier.close()
  }
}

interface Waiting {
  readonly notifier: Notifier
  readonly waitMs: number
  readonly run: Run
}

async function waitFor(notified: Notified, { notifier, waitMs, run }: Waiting): Promise<Outcome> {
  const { signal } = run.shell
  // Closing ends the wait with what is known by then.
  const stop = () => void notifier.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await notifier.outcome(notified, { waitMs })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

interface Reported {
  readonly outcome: Outcome | null
  readonly run: Run
}

function report(notified: Notified, { outcome, run: { output } }: Reported): ExitCode {
  const { pageId, commandId, position } = notified
  const place = `${position.kafkaTopic}/${position.partition}@${position.offset}`
  output.data({ pageId, commandId, position, outcome }, (style) => [
    style.marked('good', `published  command ${printable(commandId)}  ${place}`),
    ...(outcome === null ? [] : outcomeLines(outcome, style)),
  ])
  output.next(`pnpm otn explain ${commandId} --page ${pageId}`)
  return outcome === null ? exitCodes.ok : exitCodeOf(outcome)
}

function outcomeLines(outcome: Outcome, style: Style): readonly string[] {
  switch (outcome.state) {
    case 'sent': {
      const { certainty, messageId, at } = outcome
      const said = `sent  ${certainty}  ${printable(messageId ?? '')}  ${showInstant(at)}`
      return [style.marked('good', said)]
    }
    case 'failed':
      return [style.marked('bad', `failed  ${outcome.reason}: ${outcome.meaning}. ${outcome.next}`)]
    case 'cancelled':
      return [style.marked('bad', 'cancelled')]
    case 'in-doubt':
      return [style.marked('open', `in doubt  ${outcome.reason}: ${outcome.meaning}`)]
    case 'pending': {
      const due = outcome.dueAt === undefined ? '' : `, due ${showInstant(outcome.dueAt)}`
      const why = outcome.reason === undefined ? '' : `  ${outcome.reason}: ${outcome.meaning}`
      return [style.marked('open', `pending${why}${due}`)]
    }
  }
}

function exitCodeOf({ state }: Outcome): ExitCode {
  if (state === 'sent') return exitCodes.ok
  return state === 'failed' || state === 'cancelled' ? exitCodes.refused : exitCodes.failed
}
