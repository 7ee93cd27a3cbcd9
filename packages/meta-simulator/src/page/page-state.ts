/** One answer that holds all the page shows, so that a browser compares one tag and no more. */
import { z } from 'zod'
import { actSchema } from '../control/act-requests.ts'
import type { Control } from '../control/control.ts'
import type { TrueToken } from '../control/truth-control.ts'
import { WINDOW_MS } from '../domain/window.ts'
import { threadOf } from '../domain/world.ts'
import type { Simulation } from '../simulation.ts'
import { bubblesOf } from './thread-view.ts'
import { wireDetail, wireOf } from './wire-view.ts'
import type { Witness } from './witness.ts'

/** As many as somebody still looks through by eye. */
const PEOPLE_SHOWN_MAX = 150

export const pageQuerySchema = z.object({
  page: z.string().optional(),
  person: z.string().optional(),
  show: z.string().optional(),
})

export interface PageSources {
  readonly simulation: Simulation
  readonly control: Control
  readonly witness: Witness
  /** Whether the addresses of ledger and dispatcher were given. */
  readonly isKnowledgeGiven: boolean
  /** Whether a route of the control side exists, for parts that can be left out. */
  readonly hasRoute: (method: 'GET' | 'POST', url: string) => boolean
}

/** All but the time, which changes always. */
export function pageState(sources: PageSources, query: z.output<typeof pageQuerySchema>) {
  const { simulation, control, witness } = sources
  const pages = [...simulation.world.pages.values()].map(({ pageId, name }) => ({ pageId, name }))
  const page = pages.find(({ pageId }) => pageId === query.page) ?? pages[0] ?? null
  const pageId = page?.pageId ?? ''
  const { callbackUrl, waiting, lost } = control.webhook()
  return {
    pages,
    page,
    people: peopleOf(sources, pageId),
    person: query.person === undefined ? null : personOf(sources, { pageId, psid: query.person }),
    shown: query.show === undefined ? null : wireDetail(witness, query.show),
    weather: {
      knobs: control.knobs(),
      switches: control.switches(),
      webhook: { callbackUrl, waiting, lost },
    },
    clock: { revision: simulation.clock.revision(), running: simulation.clock.running },
    can: {
      acts: actKinds(),
      scenario: sources.hasRoute('POST', '/_sim/scenario'),
      webhookWeather: sources.hasRoute('POST', '/_sim/webhook/weather'),
      knowledge: sources.isKnowledgeGiven,
    },
  }
}

interface PersonAt {
  readonly pageId: string
  readonly psid: string
}

function peopleOf({ simulation, control }: PageSources, pageId: string) {
  const everybody = control.people(pageId)
  const open = new Map<string, number>()
  for (const { psid, state } of control.truth({ pageId }).tokens) {
    if (state === 'ISSUED') open.set(psid, (open.get(psid) ?? 0) + 1)
  }
  const items = everybody.slice(-PEOPLE_SHOWN_MAX).map(({ psid, name }) => ({
    psid,
    name,
    openTokens: open.get(psid) ?? 0,
    isWindowOpen: windowUntil(simulation, { pageId, psid }) !== null,
  }))
  return { count: everybody.length, items }
}

function personOf({ simulation, control, witness }: PageSources, at: PersonAt) {
  const thread = threadOf(simulation.world, at.pageId, at.psid)
  if (thread === undefined) return null
  const { tokens } = control.truth(at)
  const names = [at.psid, ...tokens.map(({ token }) => token)]
  return {
    psid: at.psid,
    name: thread.person.name,
    windowUntilMs: windowUntil(simulation, at),
    bubbles: bubblesOf(witness.facts(), at),
    tokens: tokens.map((token, index) => tokenView(token, index)).toReversed(),
    wire: wireOf(witness, names),
  }
}

/** A token as the page names it: by its place, for the token itself is a credential. */
function tokenView({ token, state, payload, calls, ...rest }: TrueToken, index: number) {
  const { grantedAtMs, expiresAtMs, spent } = rest
  const hint = `${token.slice(0, 3)}…${token.slice(-3)}`
  return { key: `t${index}`, hint, state, payload, calls, grantedAtMs, expiresAtMs, spent }
}

function windowUntil({ world, clock }: Simulation, { pageId, psid }: PersonAt): number | null {
  const lastActAtMs = threadOf(world, pageId, psid)?.lastActAtMs ?? null
  if (lastActAtMs === null) return null
  const untilMs = lastActAtMs + WINDOW_MS
  return untilMs > clock.nowMs() ? untilMs : null
}

/** What a person can do here; the page offers no button that would be refused. */
function actKinds(): readonly string[] {
  const kinds = actSchema.shape.act.options.map(({ shape }) => shape.kind._zod.values)
  return kinds.flatMap((values) => [...values].map(String))
}
