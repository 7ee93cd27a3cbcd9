/** What a seed begins with: pages, people who tap, products that ask for notifications. */
import type { Notify } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { idOf } from './judge.ts'
import { PAGES } from './platform.ts'
import type { Random } from './random.ts'
import type { GrantedToken } from './send-request.ts'
import { SETTINGS } from './settings.ts'

export interface Workload {
  readonly tokens: readonly GrantedToken[]
  /** In the order in which they are published; some twice, some with the id of another. */
  readonly commands: readonly Notify[]
  /** Tokens that another app spends. */
  readonly stolen: readonly string[]
  readonly poison: number
  readonly policy: 'probe' | 'hold'
  readonly isSingleUse: boolean
  readonly tellsUsed: boolean
  readonly dispatchers: number
}

const MINUTE_MS = 60_000
const PSIDS = ['2001', '2002'] as const
const TOPICS = ['restock', 'restock', 'restock', 'flight'] as const

export function workloadOf(random: Random, nowMs: number): Workload {
  const policy = random.chance(0.75) ? 'probe' : 'hold'
  const tokens = Array.from({ length: 1 + random.below(3) }, (_, index) =>
    tokenOf(random, { index, nowMs }),
  )
  const first = tokens.slice(0, 1)
  const commands = Array.from({ length: 1 + random.below(3) }, (_, index) =>
    commandOf(random, { index, nowMs, tokens }),
  )
  const again = commands.filter(() => random.chance(0.25))
  const reused = commands
    .filter(() => random.chance(0.08))
    .map((command) => ({ ...command, text: 'something else' }))
  return {
    ...{ tokens, policy, poison: Number(random.chance(0.15)) },
    commands: [...commands, ...again, ...reused],
    stolen: random.chance(0.1) ? first.map(({ raw }) => raw) : [],
    // Probing leans on the platform's single use; holding leans on nobody.
    isSingleUse: policy === 'probe' || random.chance(0.5),
    tellsUsed: random.chance(0.5),
    dispatchers: 1 + random.below(2),
  }
}

interface Making {
  readonly index: number
  readonly nowMs: number
}

function tokenOf(random: Random, { index, nowMs }: Making): GrantedToken {
  const year = SETTINGS.lifeMs - SETTINGS.expiryMarginMs
  // Some are near the end of their year, or a little beyond.
  const rest = (120 - random.below(360)) * MINUTE_MS
  const age = random.chance(0.2) ? year - rest : random.below(MINUTE_MS)
  const [psid, topic] = [random.chance(0.8) ? PSIDS[0] : PSIDS[1], random.pick(TOPICS)]
  const page = random.chance(0.9) ? PAGES[0] : PAGES[1]
  return { raw: `${44001 + index}`, page, psid, topic, grantedAt: nowMs - age }
}

function commandOf(
  random: Random,
  { index, nowMs, tokens }: Making & { readonly tokens: readonly GrantedToken[] },
): Notify {
  const aim = tokens[random.below(tokens.length)]
  const isByToken = aim !== undefined && random.chance(0.25)
  const giveUp = random.chance(0.2) ? { giveUpAt: nowMs + random.below(30) * MINUTE_MS } : {}
  const notBefore = random.chance(0.15) ? { notBefore: nowMs + random.below(5) * MINUTE_MS } : {}
  return {
    commandId: commandId(`c${index + 1}`),
    pageId: pageId(aim?.page ?? PAGES[0]),
    ...(isByToken
      ? { tokenId: tokenId(idOf(aim.raw)) }
      : { psid: pageScopedUserId(aim?.psid ?? PSIDS[0]) }),
    topic: aim?.topic ?? 'restock',
    text: 'It is back.',
    requestedAt: nowMs,
    ...giveUp,
    ...notBefore,
  }
}
