import type { PageId } from '@otn/kernel'
import { evolvePage, type Page, standingOf, unknownPage } from '../domain/page.ts'
import type { Pages } from '../ports.ts'

/**
 * Pages as their events tell of them, in memory.
 * @param isRead whether every page event that was on the log when it is asked has been folded
 */
export function createPages(isRead: (page: PageId) => Promise<boolean>): Pages {
  const pages = new Map<PageId, Page>()
  const standing = (id: PageId) => standingOf(pages.get(id) ?? unknownPage)
  const isWarned = (id: PageId) => pages.get(id)?.isWarned.value ?? false
  return {
    fold: (event) => {
      pages.set(event.pageId, evolvePage(pages.get(event.pageId) ?? unknownPage, event))
    },
    view: async (id) => {
      const now = standing(id)
      if (now === 'active') {
        const connection = pages.get(id)?.connection.value ?? null
        return { standing: now, isWarned: isWarned(id), connection }
      }
      const isRefusal = now === 'unknown' || now === 'disconnected'
      if (!isRefusal) return { standing: now, isWarned: isWarned(id), connection: null }
      const isSure = (await isRead(id)) && standing(id) === now
      return { standing: isSure ? now : 'behind', isWarned: false, connection: null }
    },
    isRead,
    held: () => [...pages.keys()].filter((id) => standing(id).startsWith('page-')),
  }
}
