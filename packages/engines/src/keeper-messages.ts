/** What the starting process and the keeper say to each other. */

/** A server process as the keeper starts it. */
export interface Launch {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Added to the environment of the starting process. */
  readonly env: Readonly<Record<string, string>>
  /** Standard output and error are appended here. */
  readonly logFile: string
}

export type KeeperOrder =
  | { readonly type: 'launch'; readonly launch: Launch }
  /** End everything and leave; the keeper answers by its exit. */
  | { readonly type: 'end' }

export type KeeperReport =
  | { readonly type: 'launched'; readonly name: string; readonly pid: number }
  | { readonly type: 'not-launched'; readonly name: string; readonly detail: string }
  | { readonly type: 'exited'; readonly name: string; readonly pid: number; readonly how: string }

export interface KeeperDuties {
  /** Removed after the last process ended; null keeps the data and ends processes cleanly. */
  readonly remove: string | null
}
