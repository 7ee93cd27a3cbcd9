import { type Finding, ok, toFix, warn } from '../finding.ts'

/** Leases and due times bear this much. */
const NOTICED_MS = 2_000
/** Expiry, windows and quiet hours are wrong by as much. */
const WRONG_MS = 60_000

export interface Clocks {
  readonly theirsMs: number
  readonly oursMs: number
  /** How far the two readings may lie apart by themselves. */
  readonly uncertainMs: number
}

/** Compares a clock with ours. */
export function judgeSkew(whose: string, clocks: Clocks): readonly Finding[] {
  const { theirsMs, oursMs, uncertainMs } = clocks
  const apartMs = Math.max(0, Math.abs(theirsMs - oursMs) - uncertainMs)
  const which = theirsMs > oursMs ? 'ahead of' : 'behind'
  const said = `the clock of ${whose} is ${(apartMs / 1000).toFixed(1)} s ${which} ours`
  if (apartMs <= NOTICED_MS) return [ok(`the clock of ${whose} agrees with ours`)]
  if (apartMs <= WRONG_MS) return [warn(said, 'let both machines follow the same time server')]
  return [toFix(said, 'let both machines follow the same time server (chrony, systemd-timesyncd)')]
}
