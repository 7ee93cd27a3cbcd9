import type { PageId } from '@otn/kernel'
import type { StoredCommand } from '../domain/document.ts'
import { LanePace, type LanePaceOptions } from './lane-pace.ts'
import { LaneStop, type LaneStopOptions } from './lane-stop.ts'
import type { PageShares } from './page-shares.ts'

export interface LaneOptions extends LaneStopOptions, Pick<LanePaceOptions, 'ceilings' | 'sleep'> {
  readonly run: (document: StoredCommand) => Promise<void>
  /** @returns how long the document is left alone then, ms */
  readonly failed: (document: StoredCommand, error: unknown) => number
  /** Commands of one page at a time. */
  readonly concurrency: number
  /** Commands of one page that wait in memory; more of them wait in the store. */
  readonly queueMax: number
  /** Commands of all pages at a time. */
  readonly totalMax: number
  readonly shares: Pick<PageShares, 'shareOf' | 'ready' | 'spend'>
  /** Asked to look for due commands after this long. */
  readonly wakeIn: (ms: number) => void
}

/** What one page has in memory. */
export interface Lane {
  readonly page: PageId
  readonly queue: StoredCommand[]
  /** Those of campaigns, which go behind all others. */
  readonly members: StoredCommand[]
  readonly stop: LaneStop
  readonly pace: LanePace
  running: number
  /** Calls of unknown outcome since the last answer. */
  unanswered: number
  /** More of its commands are in the store than had room here. */
  hasBacklog: boolean
}

export function newLane(page: PageId, options: LaneOptions & Pick<LanePaceOptions, 'ofApp'>): Lane {
  const { shares } = options
  return {
    ...{ page, queue: [], members: [], running: 0, unanswered: 0, hasBacklog: false },
    stop: new LaneStop(options),
    pace: new LanePace({
      ...options,
      share: () => shares.shareOf(page),
      ready: () => shares.ready(page),
    }),
  }
}
