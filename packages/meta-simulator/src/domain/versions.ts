/** Versions of the Graph API, as calls name them in their paths. */

interface Version {
  readonly name: string
  /** When calls to it stop being answered as such, UTC. */
  readonly endsAtMs: number
}

/** Of the change log; the newest has no end yet. */
const VERSIONS: readonly Version[] = [
  { name: 'v20.0', endsAtMs: Date.UTC(2026, 8, 24) },
  { name: 'v21.0', endsAtMs: Date.UTC(2027, 0, 21) },
  { name: 'v22.0', endsAtMs: Date.UTC(2027, 4, 20) },
  { name: 'v23.0', endsAtMs: Date.UTC(2027, 9, 8) },
  { name: 'v24.0', endsAtMs: Date.UTC(2028, 1, 18) },
  { name: 'v25.0', endsAtMs: Date.UTC(2028, 6, 29) },
  { name: 'v26.0', endsAtMs: Infinity },
]

/** Every version before the first of the table is treated as if it had ended long ago. */
const FIRST = 20
const NEWEST = 26

export type VersionState = 'alive' | 'expired' | 'unknown'

/** What a call that names this version may expect; a path without a version is alive. */
export function versionState(name: string | null, nowMs: number): VersionState {
  if (name === null) return 'alive'
  const row = VERSIONS.find((version) => version.name === name)
  if (row !== undefined) return nowMs < row.endsAtMs ? 'alive' : 'expired'
  const number = Number(name.slice(1))
  return number >= 1 && number < FIRST ? 'expired' : 'unknown'
}

/** The version that answers: the oldest that lives where the named one has ended or none is. */
export function answeringVersion(name: string | null, nowMs: number): string {
  if (name !== null && versionState(name, nowMs) === 'alive') return name
  const oldest = VERSIONS.find(({ endsAtMs }) => nowMs < endsAtMs)
  return oldest?.name ?? `v${NEWEST}.0`
}
