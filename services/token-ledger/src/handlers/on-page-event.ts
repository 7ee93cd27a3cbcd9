import type { PageEvent } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { Folds } from '../domain/folds.ts'
import { foldPageEvent } from '../domain/page.ts'

/**
 * A page was connected, stopped, or declared its topics. The record that pins the deployment must
 * agree with our pepper: under another one everybody would be a stranger.
 * @throws OTN_CONFIG_INVALID, which ends the process
 */
export function onPageEvent(pepperCheck: string): (event: PageEvent) => Folds {
  return (event) => {
    if (event.type !== 'DeploymentPinned') {
      return { pages: [{ id: event.pageId, evolve: (page) => foldPageEvent(page, event) }] }
    }
    if (event.pepperCheck === pepperCheck) return {}
    const message = 'OTN_PERSON_PEPPER is not the pepper that this log was written with; restore it'
    throw appError('OTN_CONFIG_INVALID', { message })
  }
}
