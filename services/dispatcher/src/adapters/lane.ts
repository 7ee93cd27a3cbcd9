import type { PageId } from '@otn/kernel'
import type { StoredCommand } from '../domain/document.ts'
import type { LanePace } from './lane-pace.ts'
import type { LaneStop } from './lane-stop.ts'

/** The calls of one page. */
export interface Lane {
  readonly page: PageId
  readonly queue: StoredCommand[]
  readonly stop: LaneStop
  readonly pace: LanePace
  running: number
  /** Calls of unknown outcome since the last answer. */
  unanswered: number
  /** More of its commands are in the store than had room here. */
  hasBacklog: boolean
}
