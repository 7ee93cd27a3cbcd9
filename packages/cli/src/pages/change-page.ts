/** A change of one page's catalogue: what the log says of it, and the facts that are missing. */
import type { OpenedLog } from '@otn/bus'
import { type PageId, pageId } from '@otn/kernel'
import { pepperKey } from '@otn/runtime/settings'
import { createIdentity } from '@otn/vault'
import { logSettings, pepperSettings } from '../cli-settings.ts'
import type { Run } from '../commands/leaf.ts'
import { CliError, exitCodes } from '../exit-code.ts'
import { missingFacts, type PageFact, type WantedFact } from './page-facts.ts'
import { appendPageEvents, readPageEvents } from './page-log.ts'
import { type PageOnLog, pageOnLog } from './page-on-log.ts'

const CLOSE_MS = 5_000
const ACKNOWLEDGE_MS = 10_000
const REQUESTED_BY = 'otn-cli'
const DIGITS = /^\d{1,32}$/

export interface PageAtHand {
  readonly pageId: PageId
  readonly page: PageOnLog
  readonly log: OpenedLog
  /** Publishes what the log does not say yet. @returns the fact; null where it says it already */
  publish(wanted: WantedFact): Promise<PageFact | null>
}

/** A page as it was typed, and what it was typed as where that is not `--page`. */
type GivenPage = string | { readonly text: string; readonly named: string }

/**
 * Opens the log at one page, and closes it afterwards.
 * @throws CliError 2 where the id is none, 3 where the page is not connected; OTN_BUS_*
 */
export async function withPage<T>(
  given: GivenPage,
  run: Run,
  work: (page: PageAtHand) => Promise<T>,
): Promise<T> {
  const { context, shell } = run
  const { text, named } = typeof given === 'string' ? { text: given, named: '--page' } : given
  if (!DIGITS.test(text)) {
    const message = `${named}: got ${JSON.stringify(text)}, wanted a page id: decimal digits`
    throw new CliError(exitCodes.usage, message)
  }
  const identity = createIdentity(pepperKey(context.read(pepperSettings).personPepper))
  const log = await shell.openLog(context.read(logSettings))
  try {
    const events = await readPageEvents(log)
    const id = pageId(text)
    const page = pageOnLog(events, id)
    if (!page.isConnected) {
      const message = `${named}: got ${text}, wanted a page that is connected here`
      throw new CliError(exitCodes.notFound, message, 'pnpm otn pages import pages.json')
    }
    const known = events.filter((event) => event.pageId === id)
    const publish = async (wanted: WantedFact) => {
      const about = { pageId: id, known, identity, nowMs: shell.nowMs() }
      const [fact] = missingFacts({ ...about, wanted: [wanted] })
      return fact === undefined ? null : publishFact(log, fact)
    }
    return await work({ pageId: id, page, log, publish })
  } finally {
    await log.bus.close(CLOSE_MS)
  }
}

async function publishFact({ bus, codec }: OpenedLog, fact: PageFact): Promise<PageFact> {
  if (fact.type === 'PageConnected') throw new Error('a connection needs its access token')
  const appender = bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  await appendPageEvents([{ ...fact, requestedBy: REQUESTED_BY }], { appender, codec })
  return fact
}
