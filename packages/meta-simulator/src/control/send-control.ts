/** The page's own software, for whoever has none at hand: calls as any caller makes them. */
import type { z } from 'zod'

import type { GraphRequest } from '../domain/graph-request.ts'
import type { WireAnswer } from '../domain/struck-answer.ts'
import { answerCall } from '../http/answer-call.ts'
import type { Simulation } from '../simulation.ts'
import { parseInput } from './parse-input.ts'
import { refused } from './refused.ts'
import { sendSchema } from './requests.ts'

/** What a caller learns of its call. */
export interface SentAnswer {
  /** Null when no answer came. */
  readonly status: number | null
  readonly body: string | null
}

export interface SendControl {
  /**
   * Sends through knobs and judge, as a call over HTTP does.
   *
   * @throws OTN_HTTP_INVALID, OTN_HTTP_NOT_FOUND
   */
  send(input: z.input<typeof sendSchema>): Promise<SentAnswer>
}

export function createSendControl(simulation: Simulation): SendControl {
  return {
    send: async (input) => {
      const { pageId, token, psid, message, tag } = parseInput(sendSchema, input)
      const page = simulation.world.pages.get(pageId)
      if (page === undefined) throw refused('page-unknown')
      const recipient = {
        ...(token === undefined ? {} : { one_time_notif_token: token }),
        ...(psid === undefined ? {} : { id: psid }),
      }
      const request: GraphRequest = {
        method: 'POST',
        path: { version: null, node: 'me', edge: 'messages', rest: '' },
        parameters: {
          appsecret_proof: page.appSecretProof,
          recipient,
          message,
          ...(tag === undefined ? {} : { messaging_type: 'MESSAGE_TAG', tag }),
        },
        accessToken: page.accessToken,
      }
      return sentAnswer(await answerCall(request, simulation))
    },
  }
}

function sentAnswer(answer: WireAnswer): SentAnswer {
  if (answer.kind === 'cut') return { status: null, body: null }
  return { status: answer.status, body: answer.body }
}
