import type { PageEvent } from '@otn/contracts'
import { appError, type Identity, pageId } from '@otn/kernel'

/** Under which page id the deployment itself stands on the page events. */
const DEPLOYMENT = pageId('deployment')

export interface PinInput {
  readonly known: readonly PageEvent[]
  /** Check value of the pepper in use. */
  readonly pepperCheck: string
  readonly identity: Identity
  readonly nowMs: number
}

/**
 * The fact that binds the deployment to its pepper; null where it stands there already.
 * @throws OTN_CONFIG_INVALID where another pepper is pinned: everybody would become a stranger
 */
export function missingPin({ known, pepperCheck, identity, nowMs }: PinInput): PageEvent | null {
  const pinned = known.filter((event) => event.type === 'DeploymentPinned')
  const other = pinned.find((event) => event.pepperCheck !== pepperCheck)
  if (other) {
    const message =
      `OTN_PERSON_PEPPER is not the one this deployment is bound to: its check value is ` +
      `${pepperCheck}, pinned is ${other.pepperCheck}; give the pepper of the first import`
    throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message })
  }
  if (pinned.length > 0) return null
  const type = 'DeploymentPinned'
  const eventId = identity.event(type, DEPLOYMENT, [pepperCheck])
  return { type, eventId, pageId: DEPLOYMENT, at: nowMs, pepperCheck }
}
