/** The settings that cells run with: short for everything that waits, or as it is shipped. */

export type ProfileName = 'chaos' | 'production'

type Settings = Readonly<Record<string, string>>

/** Sessions and leases of 2 s: what takes a minute in production takes two seconds here. */
const CHAOS: Settings = {
  DISPATCHER_SESSION_TIMEOUT_MS: '2000',
  DISPATCHER_LEASE_MS: '2000',
  DISPATCHER_START_TIMEOUT_MS: '300',
  DISPATCHER_CALL_TIMEOUT_MS: '650',
  DISPATCHER_APPEND_TIMEOUT_MS: '900',
  DISPATCHER_STORE_TIMEOUT_MS: '1000',
  DISPATCHER_LEDGER_TIMEOUT_MS: '800',
  DISPATCHER_SETTLE_MS: '1500',
  DISPATCHER_DOUBT_MS_MAX: '240000',
  DISPATCHER_TICK_MS: '100',
  DISPATCHER_RECHECK_MS: '2000',
  LEDGER_SESSION_TIMEOUT_MS: '2000',
  LEDGER_STORE_TIMEOUT_MS: '1000',
}

/** Nothing set: the values of production, on engines of one node. */
const PRODUCTION: Settings = {}

/** Everything that a profile sets, for every service; one leaves alone what is not its own. */
export function profileSettings(name: ProfileName): Settings {
  const shared = { OTN_MODE: 'test', OTN_LOG_LEVEL: 'info' }
  return { ...shared, ...(name === 'chaos' ? CHAOS : PRODUCTION) }
}

/** How long a frozen process must stay so that everybody has given it up. */
export function frozenMs(name: ProfileName): number {
  return name === 'chaos' ? 5_000 : 70_000
}
