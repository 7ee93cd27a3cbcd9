import type { PageId } from '@otn/kernel'
import {
  evolvePage,
  mayNotify,
  type Notifying,
  type Page,
  type StandingOfCommand,
  standingOf,
  unknownPage,
} from '../domain/page.ts'
import type { Pages } from '../ports.ts'

/** For good: a page event that is not read yet might say otherwise. */
const REFUSALS: ReadonlySet<StandingOfCommand> = new Set([
  'unknown',
  'disconnected',
  'requester-not-allowed',
])

/**
 * Pages as their events tell of them, in memory.
 * @param isRead whether every page event that was on the log when it is asked has been folded
 */
export function createPages(isRead: (page: PageId) => Promise<boolean>): Pages {
  const pages = new Map<PageId, Page>()
  const standing = (id: PageId) => standingOf(pages.get(id) ?? unknownPage)
  const standingFor = (id: PageId, notifying: Notifying | null): StandingOfCommand => {
    const now = standing(id)
    if (now === 'unknown' || now === 'disconnected' || notifying === null) return now
    return mayNotify(pages.get(id) ?? unknownPage, notifying) ? now : 'requester-not-allowed'
  }
  const isWarned = (id: PageId) => pages.get(id)?.isWarned.value ?? false
  return {
    fold: (event) => {
      pages.set(event.pageId, evolvePage(pages.get(event.pageId) ?? unknownPage, event))
    },
    view: async (id, notifying) => {
      const now = standingFor(id, notifying)
      if (now === 'active') {
        const connection = pages.get(id)?.connection.value ?? null
        return { standing: now, isWarned: isWarned(id), connection }
      }
      const warned = isWarned(id)
      if (!REFUSALS.has(now)) return { standing: now, isWarned: warned, connection: null }
      const isSure = (await isRead(id)) && standingFor(id, notifying) === now
      return { standing: isSure ? now : 'behind', isWarned: false, connection: null }
    },
    isRead,
    isCurrent: ({ pageId, eventId }) => pages.get(pageId)?.connection.value?.eventId === eventId,
    held: () => [...pages.keys()].filter((id) => standing(id).startsWith('page-')),
  }
}
