/** Looks for commands that are due and gives them to their lanes; nobody sleeps in a consumer. */

import type { Clock, PageId } from '@otn/kernel'
import type { StoredCommand } from '../domain/document.ts'
import type { DueTelemetry } from '../inbox-ports.ts'
import type { Agenda, Pages } from '../ports.ts'

interface Ports {
  readonly agenda: Agenda
  readonly pages: Pick<Pages, 'held'>
  readonly lanes: {
    readonly busy: ReadonlySet<string>
    readonly room: number
    without(): readonly PageId[] | 'all'
    withoutMembers(): readonly PageId[]
    stoodStill(): readonly PageId[]
    admit(document: StoredCommand): void
    wakeIn(ms: number): void
  }
  readonly clock: Clock
  readonly tell: DueTelemetry
  /** Most documents of one look. */
  readonly limit: number
}

/** One look. It never rejects: a store that is away is asked again at the next tick. */
export function everyTickDue(ports: Ports): () => Promise<void> {
  const { agenda, pages, lanes, clock, tell } = ports
  return async () => {
    const limit = Math.min(ports.limit, lanes.room)
    if (limit === 0) return
    try {
      const stopped = lanes.without()
      const held = pages.held()
      const without = stopped === 'all' ? stopped : [...stopped, ...held]
      const withoutMembers = lanes.withoutMembers()
      // A page whose lane has no room is in `without` for another reason, and stays there.
      const untold = [...lanes.stoodStill(), ...held.filter((page) => !isAmong(stopped, page))]
      const pagesOf = { without, withoutMembers, untold }
      const query = { nowMs: clock.nowMs(), limit, ...pagesOf, busy: lanes.busy }
      const due = await agenda.takeDue(query)
      for (const document of due) lanes.admit(document)
      if (due.length === limit) lanes.wakeIn(0)
    } catch (error) {
      tell.lookFailed(error)
    }
  }
}

function isAmong(pages: readonly PageId[] | 'all', page: PageId): boolean {
  return pages === 'all' || pages.includes(page)
}
