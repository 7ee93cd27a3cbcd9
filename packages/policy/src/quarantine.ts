/**
 * How what could not be used is named, wherever it came from: a webhook, or a file of another tool.
 * Both give the same thing the same id, so that whoever keeps it second adds nothing.
 */
import type { EventId, Identity, PageId } from '@otn/kernel'
import { pageId } from '@otn/kernel'

/** Stands for the page of what names none: a body that does not parse, an entry without an id. */
export const NO_PAGE: PageId = pageId('unknown')

export interface Unusable {
  readonly page: PageId
  /** Kebab-case code of why. */
  readonly reason: string
  /** Text that is the same each time that the same thing comes. */
  readonly identifiedBy: string
}

/** The id of the fact that it was put into quarantine. */
export function quarantineId(
  { page, reason, identifiedBy }: Unusable,
  identity: Pick<Identity, 'event' | 'digest'>,
): EventId {
  return identity.event('ItemQuarantined', page, [reason, identity.digest(identifiedBy)])
}

/** @param fields names, never what stood in them */
export function unreadableFields(fields: readonly string[]): string {
  return `missing or of a wrong type: ${fields.join(', ')}`
}
