/** The simulator under measurement; tokens are granted and people tap when asked to. */
import { startSimulator } from '@otn/meta-simulator'
import { answerQuestions } from '../measure/worker.ts'

export type SimulatorQuestion =
  | { readonly kind: 'address' }
  /** Tokens that nobody has spent. */
  | { readonly kind: 'tokens'; readonly count: number }
  /** As many taps, each until its webhook was answered 200. */
  | { readonly kind: 'webhooks'; readonly count: number; readonly callbackUrl: string }

const simulator = await startSimulator({ seed: 'bench' })
const { pageId = '', accessToken = '' } = simulator.pages[0] ?? {}
const payload = 'otn1:restock-1234:'
let callback: string | null = null

async function answer(question: SimulatorQuestion): Promise<unknown> {
  switch (question.kind) {
    case 'address':
      return { url: simulator.graphUrl, accessToken }
    case 'tokens': {
      const taps = Array.from({ length: question.count }, () => simulator.tap({ pageId, payload }))
      return (await Promise.all(taps)).map(({ token }) => token)
    }
    case 'webhooks': {
      const { callbackUrl, count } = question
      if (callback !== callbackUrl) await simulator.registerWebhook({ callbackUrl })
      callback = callbackUrl
      const tap = () => simulator.tap({ pageId, payload, waitMs: 60_000 })
      await Promise.all(Array.from({ length: count }, tap))
      return null
    }
  }
}

answerQuestions((question) => answer(question as SimulatorQuestion))
