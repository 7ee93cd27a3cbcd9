import { faqApps } from './apps.ts'
import { faqCallbacks } from './callbacks.ts'
import type { FaqEntry } from './faq-entry.ts'
import { faqOneTime } from './one-time.ts'

/** The questions behind the source documents, in their order. */
export const faq: readonly FaqEntry[] = [...faqApps, ...faqOneTime, ...faqCallbacks]
