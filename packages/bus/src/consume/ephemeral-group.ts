import { randomUUID } from 'node:crypto'

/** A group id that no other process has ever had. */
export function ephemeralGroup(prefix: string, clientId: string): string {
  return `${followGroups(prefix, clientId)}${randomUUID()}`
}

/** What all group ids of a client begin with under which nothing is committed. */
export function followGroups(prefix: string, clientId: string): string {
  return `${prefix}${clientId}.follow.`
}
