/** Documents of the collection `state`: what there is once in a database, or once for a page. */

export interface StoredState {
  readonly _id:
    | 'generation'
    | 'rebuild'
    | `withdrawn:${string}`
    | `load:${string}`
    | `halted:${string}`
  readonly id: string
  /** Consents granted up to this instant are withdrawn. */
  readonly at?: Date
  /** Of what keeps a campaign back: the fact of the campaign that says so. */
  readonly sequence?: number
  readonly clusterId?: string
  readonly pepperCheck?: string
  /** Until when nobody else may rebuild, by MongoDB's clock. */
  readonly leaseUntil?: Date
  /** Of a page: who calls for it, and how much was called. */
  readonly load?: StoredLoad
}

/** What all dispatchers know of the load of a page. */
export interface StoredLoad {
  readonly revision: number
  readonly holders: readonly {
    readonly worker: string
    readonly share: number
    readonly isShort: boolean
    /** By MongoDB's clock. */
    readonly until: Date
  }[]
  /** By MongoDB's clock. */
  readonly freedAt: Date
  /** Calls by quarter of an hour since the epoch, business clock. */
  readonly calls: Readonly<Record<string, number>>
}
