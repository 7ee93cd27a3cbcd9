import type { AddressInfo } from 'node:net'
import { appError } from '@otn/kernel'
import type { HttpServer } from './server.ts'

/** Where to listen, and the names of the settings that say so. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** `LEDGER` for `LEDGER_HOST` and `LEDGER_PORT`. */
  readonly settings: string
}

const FAULTS: Readonly<Record<string, readonly ['HOST' | 'PORT', string]>> = {
  EADDRINUSE: ['PORT', 'the port is taken; end the other process, or give another port or 0'],
  EACCES: ['PORT', 'listening there is not allowed; give a port above 1023'],
  EADDRNOTAVAIL: ['HOST', 'this machine has no such address; give one of its own'],
  ENOTFOUND: ['HOST', 'the name leads to no address; give an address of this machine'],
}

/**
 * Opens the port.
 * @returns the address to call
 * @throws OTN_CONFIG_INVALID naming the setting where the address cannot be had
 */
export async function listen(
  app: HttpServer,
  { host, port, settings }: ListenAddress,
): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const fault = FAULTS[code]
    if (fault === undefined) throw cause
    const message = `${settings}_${fault[0]}: ${fault[1]} (${host}:${port}); nothing was started`
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
  return urlOf(app.server.address())
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return String(address)
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
