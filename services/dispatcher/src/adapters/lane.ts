import type { PageId } from '@otn/kernel'
import type { StoredCommand } from '../domain/document.ts'
import type { LanePace } from './lane-pace.ts'
import type { LaneStop } from './lane-stop.ts'

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
