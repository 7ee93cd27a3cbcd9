import type { PageEvent } from '@otn/contracts'
import { appError } from '@otn/kernel'

/**
 * Looks at a page event before it is folded.
 * @param pepperCheck check value of the pepper that this process was given
 * @throws OTN_CONFIG_INVALID where the deployment is pinned to another pepper: every id would be
 *   another one
 */
export function onPageEvent(pepperCheck: string): (event: PageEvent) => void {
  return (event) => {
    if (event.type !== 'DeploymentPinned' || event.pepperCheck === pepperCheck) return
    const message =
      'OTN_PERSON_PEPPER is not the pepper this deployment was started with ' +
      `(check value ${pepperCheck}, the log says ${event.pepperCheck}); give the first one`
    throw appError('OTN_CONFIG_INVALID', { message })
  }
}
