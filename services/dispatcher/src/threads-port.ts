/** Control of threads, as the handlers ask for it. */
import type { Secret } from '@otn/kernel'
import type { Connection } from './domain/page.ts'
import type { ThreadSettings } from './domain/thread.ts'

export interface ThreadOf {
  readonly connection: Connection
  readonly psid: Secret
}

/** Control of a thread that several apps of a page share. Neither call throws. */
export interface Threads {
  readonly settings: ThreadSettings
  /** Asks the app that owns the thread for it. @returns whether the platform took that */
  request(thread: ThreadOf): Promise<boolean>
  /** Gives the thread up, back to who had it or to nobody. @returns as `request` */
  release(thread: ThreadOf): Promise<boolean>
}
