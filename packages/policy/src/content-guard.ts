/** Whether what people read, or what comes back when they tap, holds what should not leave. */
import type { NotifySituation } from './notify-situation.ts'
import type { NotifyRule } from './notify-words.ts'
import { findPersonalData, findSensitiveWords } from './personal-data.ts'
import type { Finding } from './rule.ts'
import { sources } from './sources.ts'

const NEXT = 'Word it without, under a new commandId, or have the guard flag instead of refuse.'

export const contentGuard: readonly NotifyRule[] = [
  {
    id: 'notify-personal-data',
    version: 1,
    source: sources.U16,
    reason: 'personal-data',
    text: 'looks like personal data or a secret: {found}',
    next: NEXT,
    judge: (situation) =>
      guarded(situation, { kind: situation.settings.personalData, find: findPersonalData }),
  },
  {
    id: 'notify-sensitive-words',
    version: 1,
    source: sources.U16,
    reason: 'sensitive-words',
    text: 'speaks of health, money or legal standing: {found}',
    next: NEXT,
    judge: (situation) =>
      guarded(situation, { kind: situation.settings.sensitiveWords, find: findSensitiveWords }),
  },
]

interface Guard {
  readonly kind: Finding['kind']
  readonly find: (text: string) => readonly string[]
}

function guarded({ notify, message }: NotifySituation, { kind, find }: Guard): Finding | null {
  const texts = [...(notify.text ? [notify.text] : []), ...(message?.texts ?? [])]
  const found = new Set(texts.flatMap((text) => find(text)))
  return found.size === 0 ? null : { kind, facts: { found: [...found].join(', ') } }
}
