/** The people of the pretend world, and what they do. */
import { appError } from '@otn/kernel'
import type { z } from 'zod'

import type { GraphRequest } from '../domain/graph-request.ts'
import { actInThread, join } from '../domain/people.ts'
import { tap } from '../domain/tap.ts'
import { WINDOW_MS } from '../domain/window.ts'
import { type Person, threadOf } from '../domain/world.ts'
import type { Simulation } from '../simulation.ts'
import type { Delivered } from '../webhooks/parcel.ts'
import { type Acted, act, happen } from './act.ts'
import { actSchema, pageEventSchema } from './act-requests.ts'
import { createDeliveryWait } from './delivery-wait.ts'
import { parseInput } from './parse-input.ts'
import { refused } from './refused.ts'
import { askSchema, peopleSchema, tapSchema } from './requests.ts'

/** A request for permission that reached somebody. */
export interface Asked {
  readonly pageId: string
  readonly psid: string
  readonly requestMid: string
}

/** A tap, and what became of its webhook within the time that was allowed for waiting. */
export interface Tapped {
  readonly pageId: string
  readonly psid: string
  readonly token: string
  readonly payload: string
  readonly grantedAtMs: number
  readonly delivered: Delivered | null
}

export interface PeopleControl {
  people(pageId?: string): readonly Person[]
  /** @throws OTN_HTTP_INVALID, OTN_HTTP_NOT_FOUND */
  addPeople(input: z.input<typeof peopleSchema>): readonly Person[]
  /**
   * The page asks a person for permission, through the same judge as any caller.
   *
   * @throws OTN_HTTP_CONFLICT with Meta's answer when the judge refuses
   */
  ask(input: z.input<typeof askSchema>): Asked
  /** A person taps *Notify Me*. @throws OTN_HTTP_INVALID, OTN_HTTP_NOT_FOUND, OTN_HTTP_CONFLICT */
  tap(input: z.input<typeof tapSchema>): Promise<Tapped>
  /** A person writes, presses, reacts, blocks. @throws OTN_HTTP_INVALID, _NOT_FOUND, _CONFLICT */
  act(input: z.input<typeof actSchema>): Promise<Acted>
  /** Meta, another app or a moderator does something. @throws OTN_HTTP_INVALID, _NOT_FOUND */
  happen(input: z.input<typeof pageEventSchema>): Promise<Acted>
}

export function createPeopleControl(simulation: Simulation): PeopleControl {
  return {
    people: (pageId) =>
      [...simulation.world.threads.values()]
        .map(({ person }) => person)
        .filter((person) => pageId === undefined || person.pageId === pageId),
    addPeople: (input) => addPeople(parseInput(peopleSchema, input), simulation),
    ask: (input) => ask(parseInput(askSchema, input), simulation),
    tap: async (input) => tapRequest(parseInput(tapSchema, input), simulation),
    act: async (input) => act(parseInput(actSchema, input), simulation),
    happen: async (input) => happen(parseInput(pageEventSchema, input), simulation),
  }
}

function addPeople(
  { pageId, psid, name, count }: z.output<typeof peopleSchema>,
  simulation: Simulation,
): readonly Person[] {
  const people = Array.from({ length: psid === undefined ? count : 1 }, (_, index): Person => {
    const id = psid ?? simulation.ids.psid()
    return { pageId, psid: id, name: name ?? `Person ${index + 1}` }
  })
  for (const person of people) {
    const reason = simulation.settle(join(person, simulation.scene()))
    if (reason !== null) throw refused(reason)
  }
  return people
}

function ask(input: z.output<typeof askSchema>, simulation: Simulation): Asked {
  const { pageId, title, payload, writesFirst } = input
  const page = simulation.world.pages.get(pageId)
  if (page === undefined) throw refused('page-unknown')
  const psid = input.psid ?? whoeverCanBeAsked(input, simulation)
  if (writesFirst) writeIfClosed({ pageId, psid }, simulation)
  const template = { template_type: 'one_time_notif_req', title, payload }
  const request: GraphRequest = {
    method: 'POST',
    path: { version: null, node: 'me', edge: 'messages', rest: '' },
    parameters: {
      appsecret_proof: page.appSecretProof,
      recipient: { id: psid },
      message: { attachment: { type: 'template', payload: template } },
    },
    accessToken: page.accessToken,
  }
  const { status, body } = simulation.answer(request, simulation.ids.traceId())
  const requestMid = body.message_id
  if (status === 200 && typeof requestMid === 'string') return { pageId, psid, requestMid }
  const answer = JSON.stringify(body)
  throw appError('OTN_HTTP_CONFLICT', {
    message: answer,
    publicMessage: `the Send API refused the request: ${answer}`,
  })
}

/** The first person who has not seen this title; somebody new when all have. */
function whoeverCanBeAsked({ pageId, title }: Question, simulation: Simulation): string {
  for (const { person, requests } of simulation.world.threads.values()) {
    const isNew = requests.every((request) => request.title !== title)
    if (person.pageId === pageId && isNew) return person.psid
  }
  const [person] = addPeople({ pageId, count: 1 }, simulation)
  return person?.psid ?? ''
}

interface Question {
  readonly pageId: string
  readonly title: string
}

function writeIfClosed(at: { pageId: string; psid: string }, simulation: Simulation): void {
  const scene = simulation.scene()
  const lastActAtMs = threadOf(scene.world, at.pageId, at.psid)?.lastActAtMs ?? -Infinity
  if (scene.nowMs - lastActAtMs < WINDOW_MS) return
  const act = { kind: 'message', mid: simulation.ids.messageId(), text: 'Hello' } as const
  const reason = simulation.settle(actInThread({ ...at, act }, scene))
  if (reason !== null) throw refused(reason)
}

async function tapRequest(
  { waitMs, ...input }: z.output<typeof tapSchema>,
  simulation: Simulation,
): Promise<Tapped> {
  const fresh = { token: simulation.freshToken(), psid: simulation.ids.psid() }
  const decision = tap({ ...input, fresh }, simulation.scene())
  const delivery = createDeliveryWait()
  const reason = simulation.settle(decision, delivery.onDelivered)
  if (reason !== null) throw refused(reason)
  const events = decision.outcome === 'accepted' ? decision.events : []
  const fact = events.find((event) => event.type === 'TokenIssued')
  if (fact === undefined) throw refused('request-missing')
  const delivered = waitMs === 0 ? null : await delivery.wait(waitMs)
  return { ...fact.issued, delivered }
}
