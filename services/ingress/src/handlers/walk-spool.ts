import type { LogOutage } from '../domain/log-outage.ts'
import type { Spool, SpooledSegment, TellSpool } from '../ports.ts'

export interface WalkSpoolPorts {
  readonly spool: Pick<Spool, 'oldest'>
  readonly outage: Pick<LogOutage, 'askAgain'>
  readonly tell: Pick<TellSpool, 'segmentDrained'>
}

const STRIDES = 16

/** Where the draining stands in a file; webhooks by their place there. */
export interface Place {
  readonly segment: SpooledSegment
  readonly ahead: readonly number[]
  /** Before those ahead: the log did not take them, or those about them. */
  readonly owed: readonly number[]
}

/** The way through the spool, file by file; a file with webhooks still owed is passed over. */
export interface SpoolWalk {
  /**
   * Where something is to be asked; null at the end, behind which the way begins anew.
   * @param isFirst also what the log did not take before is to be asked
   */
  stand(pass: { readonly isFirst: boolean }): Promise<Place | null>
  asked(asked: readonly number[], owed: readonly number[]): void
}

/** What is asked first: where the log takes it, it takes again what it did not take before. */
export function oldestOf({ owed, ahead }: Place): readonly number[] {
  return owed.length > 0 ? owed : ahead
}

export function walkSpool({ spool, outage, tell }: WalkSpoolPorts): SpoolWalk {
  let place: Place | null = null
  const passedOver = new Set<string>()
  /** By the name of the file; all others of it are on the log. */
  const left = new Map<string, readonly number[]>()

  /** How far to go on where the log took nothing: many in a row may be for the same part of it. */
  let stride = 1
  /** Other webhooks are asked each time. */
  let ways = 0

  const open = async (): Promise<Place | null> => {
    const segment = await spool.oldest(passedOver)
    if (segment !== null) {
      stride = 1 + (ways % STRIDES)
      const ahead = left.get(segment.name) ?? [...segment.webhooks.keys()]
      return { segment, ahead, owed: [] }
    }
    if (passedOver.size === 0) outage.askAgain()
    passedOver.clear()
    ways += 1
    return null
  }
  const leave = async ({ segment, owed }: Place) => {
    if (owed.length > 0) {
      left.set(segment.name, owed)
      passedOver.add(segment.name)
    } else {
      tell.segmentDrained(segment.webhooks.length, await segment.forget())
      left.delete(segment.name)
    }
    place = null
  }
  return {
    stand: async ({ isFirst }) => {
      for (;;) {
        place ??= await open()
        if (place === null) return null
        if (place.ahead.length > 0 || (isFirst && place.owed.length > 0)) return place
        await leave(place)
      }
    },
    asked: (asked, owed) => {
      if (place === null) return
      if (place.owed[0] !== asked[0] || asked.length === 0) {
        const isMiss = owed.length === asked.length
        const upTo = isMiss ? Math.max(asked.length, stride) : asked.length
        if (isMiss) stride *= 2
        const later = [...owed, ...place.ahead.slice(asked.length, upTo)]
        place = { ...place, ahead: place.ahead.slice(upTo), owed: [...place.owed, ...later] }
      } else if (owed.length === 0) {
        // In the order of receipt again.
        place = { ...place, ahead: [...place.owed.slice(1), ...place.ahead], owed: [] }
        passedOver.clear()
      }
    },
  }
}
