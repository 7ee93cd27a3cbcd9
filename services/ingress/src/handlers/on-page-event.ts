import type { PageEvent } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { Pages } from '../domain/pages.ts'
import type { Tell } from '../ports.ts'

/**
 * Keeps what is known of pages up to date; a repeat changes nothing.
 * @throws OTN_CONFIG_INVALID where the deployment is pinned to another pepper: every person would
 *   be a stranger, every token another one
 */
export function onPageEvent({
  pages,
  pepperCheck,
  tell,
}: {
  readonly pages: Pages
  readonly pepperCheck: string
  readonly tell: Tell
}): (event: PageEvent) => void {
  return (event) => {
    if (event.type === 'DeploymentPinned' && event.pepperCheck !== pepperCheck) {
      const message =
        'OTN_PERSON_PEPPER is not the pepper this deployment was started with ' +
        `(check value ${pepperCheck}, the log says ${event.pepperCheck}); give the first one`
      throw appError('OTN_CONFIG_INVALID', { message })
    }
    for (const fault of pages.apply(event)) tell.pageEventUnusable(fault)
  }
}
