import type { Requirement } from './requirement.ts'
import { designRows } from './rows/design.ts'
import { faqAppsRows } from './rows/faq-apps.ts'
import { faqCallbacksRows } from './rows/faq-callbacks.ts'
import { faqOneTimeRows } from './rows/faq-one-time.ts'
import { guideRows } from './rows/guide.ts'
import { uniqueRows } from './rows/unique.ts'

/** Every requirement once, in the order of its document. */
export const requirements: readonly Requirement[] = [
  ...guideRows,
  ...faqAppsRows,
  ...faqOneTimeRows,
  ...faqCallbacksRows,
  ...designRows,
  ...uniqueRows,
]
