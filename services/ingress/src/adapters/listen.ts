import type { AddressInfo } from 'node:net'
import { appError } from '@otn/kernel'
import type { HttpServer } from '@otn/runtime'

const FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'INGRESS_PORT: the port is taken; end the other process, or give another port or 0',
  EADDRNOTAVAIL: 'INGRESS_HOST: this machine has no such address; give one of its own',
  ENOTFOUND: 'INGRESS_HOST: the name leads to no address; give an address of this machine',
  EACCES: 'INGRESS_PORT: listening there is not allowed; give a port above 1023',
}

/** Who finds the queue full waits seconds for its next try; the system may allow fewer. */
const BACKLOG = 4_096

/**
 * Opens the port. @returns the address to call
 * @throws OTN_CONFIG_INVALID naming the setting where the address cannot be had
 */
export async function listen(
  app: HttpServer,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await app.listen({ host, port, backlog: BACKLOG })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const fault = FAULTS[code]
    if (fault === undefined) throw cause
    const message = `${fault} (${host}:${port}); nothing was started`
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
  return urlOf(app.server.address())
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return String(address)
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
