import type { PageEvent } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { Lanes } from '../lanes-port.ts'
import type { Pages } from '../ports.ts'

interface Ports {
  readonly pages: Pick<Pages, 'fold'>
  readonly lanes: Pick<Lanes, 'resume'>
  /** Check value of the pepper that this process was given. */
  readonly pepperCheck: string
}

/** Facts after which a lane that was stopped may run again. */
const MENDING: ReadonlySet<PageEvent['type']> = new Set([
  'PageConnected',
  'PageResumed',
  'PagePolicyEnforced',
  'PageCapabilityChanged',
])

/**
 * Keeps what is known of pages, and lets lanes run again after what may have mended them.
 * @throws OTN_CONFIG_INVALID where the deployment is pinned to another pepper: every person would
 *   be a stranger, every token another one
 */
export function onPageEvent({ pages, lanes, pepperCheck }: Ports): (event: PageEvent) => void {
  return (event) => {
    if (event.type === 'DeploymentPinned' && event.pepperCheck !== pepperCheck) {
      const message =
        'OTN_PERSON_PEPPER is not the pepper this deployment was started with ' +
        `(check value ${pepperCheck}, the log says ${event.pepperCheck}); give the first one`
      throw appError('OTN_CONFIG_INVALID', { message })
    }
    pages.fold(event)
    if (MENDING.has(event.type)) lanes.resume(event.pageId)
  }
}
