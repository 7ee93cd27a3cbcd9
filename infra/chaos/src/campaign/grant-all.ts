/** People who tap, until the ledger holds a token of each. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Cell } from '../drill/cell.ts'
import { CAMPAIGN_TOPIC, plan } from './steer.ts'

/** Taps whose webhooks are on their way at a time. */
const AT_ONCE = 500
const LOOK_MS = 500

export interface GrantedPerson {
  readonly page: string
  readonly psid: string
  readonly token: string
}

interface Granting {
  readonly pages: readonly string[]
  readonly tokens: number
  readonly say: (line: string) => void
}

export async function grantAll(
  cell: Cell,
  { pages, tokens, say }: Granting,
): Promise<readonly GrantedPerson[]> {
  const granted: GrantedPerson[] = []
  cell.meta.setWebhookWeather({ eventsPerPostMax: 200, gatherMs: 20 })
  while (granted.length < tokens) {
    const size = Math.min(AT_ONCE, tokens - granted.length)
    for (let index = 0; index < size; index += 1) {
      const page = pages[granted.length % pages.length] ?? ''
      const payload = `otn1:${CAMPAIGN_TOPIC}:`
      const { psid, token } = await cell.meta.tap({ pageId: page, payload })
      granted.push({ page, psid, token })
    }
    while (cell.meta.webhook().waiting > AT_ONCE) await delay(20)
  }
  while (cell.meta.webhook().waiting > 0) await delay(LOOK_MS)
  for (;;) {
    const plans = await Promise.all(pages.map((page) => plan(cell, page)))
    const persons = plans.reduce((sum, one) => sum + one.persons, 0)
    if (persons === tokens) return granted
    say(`  the ledger knows ${persons} of ${tokens} people`)
    await delay(4 * LOOK_MS)
  }
}
