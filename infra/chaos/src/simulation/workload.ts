/** What a seed begins with: pages, people who tap, products that ask for notifications. */
import type { Notify, RequestOptIn } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { PAGES } from './platform.ts'
import type { Random } from './random.ts'
import { type GrantedToken, idOf, type Person } from './send-request.ts'
import { SETTINGS } from './settings.ts'

export interface Writer extends Person {
  readonly at: number
}

export interface Workload {
  readonly tokens: readonly GrantedToken[]
  /** In the order in which they are published; some twice, some with the id of another. */
  readonly commands: readonly Notify[]
  /** The same of questions; an id may be that of a message as well. */
  readonly requests: readonly RequestOptIn[]
  /** Who wrote to a page, and when. */
  readonly writers: readonly Writer[]
  /** Ids of messages that somebody wants no more; some before the message is published. */
  readonly cancels: readonly string[]
  /** Tokens that another app spends. */
  readonly stolen: readonly string[]
  readonly poison: number
  readonly policy: 'probe' | 'hold'
  readonly isSingleUse: boolean
  readonly tellsUsed: boolean
  readonly dispatchers: number
}

/** What is said where nobody reuses an id for something else. */
export const TEXT = 'It is back.'
/** Of whatever topic: a few products ask in the same words. */
const VAGUE = 'Shall we tell you?'

/** The usual words about a topic. */
export function titleOf(topic: string | null | undefined): string {
  return `Shall we tell you of ${topic}?`
}

/** What another command under the same id asks. */
export const OTHER_TITLE = 'Something else?'

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS
const ASKS = 0.15
/** Share of the messages that are cancelled, in time or not. */
const CANCELS = 0.08
type Routed = Pick<Notify, 'route' | 'tag'>

/** Share of the messages that may go by another way than a token. */
const ROUTED = 0.15
const ROUTES = [
  { route: 'WINDOW' },
  { route: 'AUTO' },
  { route: 'AUTO' },
  { route: 'TAG', tag: 'HUMAN_AGENT' },
] as const satisfies readonly [Routed, ...Routed[]]
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
    ...peopleOf(random, { nowMs, tokens, commands }),
    cancels: commands.flatMap(({ commandId: id }) => (random.chance(CANCELS) ? id : [])),
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
  const routed = !isByToken && random.chance(ROUTED) ? random.pick<Routed>(ROUTES) : {}
  return {
    commandId: commandId(`c${index + 1}`),
    pageId: pageId(aim?.page ?? PAGES[0]),
    ...(isByToken
      ? { tokenId: tokenId(idOf(aim.raw)) }
      : { psid: pageScopedUserId(aim?.psid ?? PSIDS[0]) }),
    topic: aim?.topic ?? 'restock',
    text: TEXT,
    requestedAt: nowMs,
    ...giveUp,
    ...notBefore,
    ...routed,
  }
}

interface Asking extends Omit<Making, 'index'> {
  readonly tokens: readonly GrantedToken[]
  readonly commands: readonly Notify[]
}

/** Who wrote counts where somebody is asked, or sent something by a route that names them. */
function peopleOf(random: Random, asking: Asking): Pick<Workload, 'requests' | 'writers'> {
  const requests = random.chance(ASKS) ? questionsOf(random, asking) : []
  const isRouted = asking.commands.some(({ route }) => route)
  if (requests.length === 0 && !isRouted) return { requests, writers: [] }
  const writers = PAGES.flatMap((page) =>
    PSIDS.flatMap((psid) =>
      random.chance(0.85) ? { page, psid, at: asking.nowMs - silenceOf(random) } : [],
    ),
  )
  return { requests, writers }
}

/** Some products ask people as well, some of them the same people the same thing. */
function questionsOf(random: Random, { nowMs, tokens, commands }: Asking): readonly RequestOptIn[] {
  const requests = Array.from({ length: 1 + random.below(3) }, (_, index) =>
    requestOf(random, { index, nowMs, tokens, commands }),
  )
  const again = requests.filter(() => random.chance(0.25))
  const reused = requests
    .filter(() => random.chance(0.08))
    .map((request) => ({ ...request, title: OTHER_TITLE }))
  return [...requests, ...again, ...reused]
}

/** Most wrote of late; with some the day, or the week, is nearly over, or over. */
function silenceOf(random: Random): number {
  if (random.chance(0.75)) return random.below(600) * MINUTE_MS
  return random.pick([1, 1, 1, 7]) * DAY_MS + (90 - random.below(110)) * MINUTE_MS
}

function requestOf(
  random: Random,
  { index, nowMs, tokens, commands }: Asking & Making,
): RequestOptIn {
  const aim = tokens[random.below(tokens.length)]
  const isByToken = aim !== undefined && random.chance(0.35)
  const page = pageId(aim?.page ?? PAGES[0])
  // A few times one takes an id that a message of the page has; two would stand for each other.
  const message = index > 0 ? null : commands.find((command) => command.pageId === page)
  const id = message && random.chance(0.15) ? message.commandId : `r${index + 1}`
  const topic = random.pick(['news', 'news', 'sale', aim?.topic ?? 'restock'])
  const giveUp = random.chance(0.2) ? { giveUpAt: nowMs + random.below(30) * MINUTE_MS } : {}
  return {
    commandId: commandId(id),
    pageId: page,
    ...(isByToken
      ? { tokenId: tokenId(idOf(aim.raw)) }
      : { psid: pageScopedUserId(aim?.psid ?? PSIDS[0]) }),
    topic,
    title: random.chance(0.3) ? VAGUE : titleOf(topic),
    context: 'x',
    requestedAt: nowMs,
    ...giveUp,
  }
}
