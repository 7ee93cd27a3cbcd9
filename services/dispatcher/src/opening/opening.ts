/** What the dispatcher is opened with, and what stands behind its door. */
import type { Notify, RequestOptIn } from '@otn/contracts'
import type { Clock, Identity } from '@otn/kernel'
import type { Log, Metrics } from '@otn/runtime'
import type { Vault } from '@otn/vault'
import type { CampaignDoor } from '../campaign-door.ts'
import type { Settlement } from '../domain/decide-settlement.ts'
import type { StoredCommand } from '../domain/document.ts'
import type { Doubts } from '../doubt-ports.ts'
import type { NotifyPreview } from '../handlers/preview-notification.ts'
import type { RequestPreview } from '../handlers/preview-request.ts'
import type { DigestReport, NotifyLog, Recorded } from '../inbox-ports.ts'
import type { Commands } from '../ports.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Seams } from './with-fault-points.ts'

export interface Opening {
  readonly log: Log
  /** Ends the process. */
  readonly fail: (error: Error) => void
  readonly tell: Telemetry
  readonly metrics: Metrics
  readonly vault: Vault
  readonly identity: Identity
  readonly clock: Clock
  readonly pepperCheck: string
  readonly seams: Seams
}

export interface Inside {
  readonly commands: Pick<Commands, 'read'>
  readonly notifyLog: NotifyLog
  readonly record: (notifies: readonly Notify[]) => Promise<readonly Recorded[]>
  readonly preview: (notify: Notify) => Promise<NotifyPreview>
  readonly previewRequest: (request: RequestOptIn) => Promise<RequestPreview>
  readonly campaigns: CampaignDoor
  readonly digest: () => Promise<DigestReport>
  readonly doubts: Doubts
  readonly settle: (id: string, settlement: Settlement) => Promise<StoredCommand>
  readonly notReady: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Consumer group of the commands; our own streams have one beside it. */
export const GROUP = 'dispatcher'
