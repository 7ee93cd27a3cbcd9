/** A disk under one server that tests may fill and clear, whoever the user is. */

/**
 * - `file-system`: one of its own, in memory and seen by its server alone. Writes fail as on any
 *   full disk (ENOSPC).
 * - `limit`: the server's process may write to no file; it is told so by another name (EFBIG).
 */
export type DiskWay = 'file-system' | 'limit'

export interface DiskWish {
  /** Its size; 64 are plenty for a server to begin with. */
  readonly megabytes: number
  /** Default is the first that this machine allows. */
  readonly way?: DiskWay | undefined
}

export interface SmallDisk {
  readonly way: DiskWay
  /** Leaves no room and keeps it so. Idempotent. */
  fill(): Promise<void>
  /** Gives the room back. A server that ended for want of it has to be started. Idempotent. */
  free(): Promise<void>
}
