/** A running simulator as a stage, over the HTTP of its control side. */
import { appError } from '@otn/kernel'
import { request } from 'undici'

import type { Stage } from './stage.ts'

/** @param simulatorUrl the control side. @throws OTN_HTTP_UNAVAILABLE where nobody answers */
export async function connectStage(simulatorUrl: string): Promise<Stage> {
  const call = caller(simulatorUrl)
  const { pages } = await call<{ pages: readonly { pageId: string }[] }>('GET', '/_sim/pages')
  return {
    pageIds: pages.map(({ pageId }) => pageId),
    addPeople: async (input) => {
      const { people } = await call<{ people: ReturnType<Stage['addPeople']> }>(
        'POST',
        '/_sim/people',
        input,
      )
      return people
    },
    ask: (input) => call('POST', '/_sim/ask', input),
    tap: (input) => call('POST', '/_sim/tap', input),
    act: (input) => call('POST', '/_sim/act', input),
    send: (input) => call('POST', '/_sim/send', input),
    truth: (filter = {}) => call('GET', `/_sim/truth?${queryOf(filter)}`),
    webhook: () => call('GET', '/_sim/webhook'),
    quiet: async () => {
      await call('GET', '/_sim/webhook/quiet')
    },
    registerWebhook: (input) => call('PUT', '/_sim/webhook', input),
    subscribePages: (input = {}) => call('POST', '/_sim/webhook/subscribe', input),
    setWebhookWeather: (input) => call('POST', '/_sim/webhook/weather', input),
    clearWebhookWeather: () => call('DELETE', '/_sim/webhook/weather'),
    addKnob: (input) => call('POST', '/_sim/knobs', input),
    clearKnobs: async () => {
      await call('DELETE', '/_sim/knobs')
    },
    setSwitches: (input) => call('POST', '/_sim/switches', input),
    advance: (advanceMs) => call('POST', '/clock', { advanceMs }),
    clock: () => call('GET', '/clock'),
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** The answers are those of our own control, so their shapes are taken for granted. */
function caller(simulatorUrl: string) {
  return async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
    const answer = await request(`${simulatorUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((cause: unknown) => {
      const message = `${simulatorUrl} does not answer; start otn-meta-simulator or mend --url`
      throw appError('OTN_HTTP_UNAVAILABLE', { message, publicMessage: message, cause })
    })
    const text = await answer.body.text()
    if (answer.statusCode === 200) return JSON.parse(text)
    throw refusedBy(answer.statusCode, text)
  }
}

function refusedBy(status: number, text: string): Error {
  const detail = /"detail":("(?:[^"\\]|\\.)*")/.exec(text)?.[1]
  const message = detail === undefined ? `status ${status}` : String(JSON.parse(detail))
  return appError('OTN_HTTP_CONFLICT', { message, publicMessage: message })
}

function queryOf(filter: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  const texts = given.map(([name, value]) => [name, String(value)] as const)
  return new URLSearchParams(Object.fromEntries(texts)).toString()
}
