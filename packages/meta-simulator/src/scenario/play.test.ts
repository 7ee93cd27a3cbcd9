import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Simulator, startSimulator } from '../index.ts'
import { connectStage } from './http-stage.ts'
import { type OwnCallback, startOwnCallback } from './own-callback.ts'
import { type PlayReport, playScenario } from './play.ts'
import { checkScenario } from './read-scenario.ts'
import { shippedScenarios } from './shipped-scenarios.ts'
import type { Stage } from './stage.ts'

const shipped = [...shippedScenarios()]
let simulator: Simulator
let callback: OwnCallback
let stage: Stage

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'play', clock: { running: false } })
  callback = await startOwnCallback(simulator.appSecret)
  await simulator.registerWebhook({ callbackUrl: callback.url })
  stage = { ...simulator, pageIds: simulator.pages.map(({ pageId }) => pageId) }
})
afterAll(async () => {
  await simulator.close()
  await callback.close()
})

const faultsOf = ({ steps }: PlayReport) => steps.filter(({ faults }) => faults.length > 0)

async function postScenario(body: unknown) {
  const answer = await fetch(`${simulator.simulatorUrl}/_sim/scenario`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const json: PlayReport & { readonly detail?: string } = JSON.parse(await answer.text())
  return { status: answer.status, json }
}

describe('a shipped scenario', () => {
  test('is every file of the folder', () => {
    const folder = new URL('../../scenarios/', import.meta.url)
    const files = readdirSync(folder).map((file) => file.replace('.json', ''))
    expect(files.toSorted()).toEqual(shipped.map(([file]) => file).toSorted())
    expect(files.length).toBeGreaterThanOrEqual(6)
  })

  test.each(shipped)('%s plays in a test', async (_file, scenario) => {
    expect(faultsOf(await playScenario(scenario, { stage }))).toEqual([])
  })

  test.each(shipped)('%s plays through the control side, one call a step', async (_file, it) => {
    const distant = await connectStage(simulator.simulatorUrl)
    expect(faultsOf(await playScenario(it, { stage: distant }))).toEqual([])
  })

  test.each(shipped)('%s plays over HTTP as a whole', async (file, { name, steps }) => {
    const { status, json } = await postScenario({ file })
    expect([status, json.name, json.ok, json.steps.length]).toEqual([200, name, true, steps.length])
  })
})

describe('a play', () => {
  const claiming = (claim: object) =>
    checkScenario(
      {
        name: 'n',
        says: 's',
        steps: [
          { do: 'ask', who: 'ada' },
          { do: 'tap', who: 'ada' },
          { do: 'send', who: 'ada', text: 'Hi' },
          { do: 'expect', ...claim },
          { do: 'ask', who: 'bo' },
        ],
      },
      'test',
    )

  test.each([
    [{ who: 'ada', tokens: ['ISSUED'] }, 'tokens is ["SPENT"], wanted is ["ISSUED"]'],
    [{ who: 'ada', received: [] }, 'received is ["Hi"], wanted is []'],
    [{ who: 'ada', calls: 3 }, 'calls is 1, wanted is 3'],
    [{ who: 'ada', windowOpen: false }, 'windowOpen is true, wanted is false'],
    [{ who: 'ada', blocked: true }, 'blocked is false, wanted is true'],
    [{ webhooks: { lost: 7 } }, 'lost is 0, wanted is 7'],
    [{ webhooks: { disabled: true } }, 'disabled is false, wanted is true'],
    [{ who: 'chen' }, 'nobody was called chen in an earlier step'],
  ])('ends at a claim that is not true: %j', async (claim, fault) => {
    const report = await playScenario(claiming(claim), { stage })
    expect(report).toMatchObject({ ok: false, steps: [{}, {}, {}, { number: 4, faults: [fault] }] })
    expect(report.steps).toHaveLength(4)
  })

  test('of more jumps than anybody waits for is refused', async () => {
    const steps = [{ do: 'clock', advance: '10001 ms', every: '1 ms' }]
    const report = await playScenario(checkScenario({ name: 'n', says: 's', steps }, 'test'), {
      stage,
    })
    expect(report.steps).toMatchObject([{ faults: ['more than 10000 jumps in a step'] }])
  })

  test('lets a system send by itself and looks at what people got', async () => {
    const sent: string[] = []
    const report = await playScenario(claiming({ who: 'ada', received: ['by the system'] }), {
      stage,
      send: async ({ pageId, token, text }) => {
        sent.push(text)
        await simulator.send({ pageId, token, message: { text: 'by the system' } })
        return null
      },
    })
    expect([report.ok, sent]).toEqual([true, ['Hi']])
  })

  test('of two at a time is refused over HTTP', async () => {
    const long = { name: 'n', says: 's', steps: [{ do: 'ask', who: 'ada' }] }
    const wait = { do: 'wait-for', who: 'ada', received: ['never'], within: '1 s' }
    const first = postScenario({ ...long, steps: [...long.steps, wait] })
    const answers = await Promise.all([first, postScenario(long)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  test('of something that is no scenario is refused with every fault', async () => {
    const { status, json } = await postScenario({ file: 'no-such-file' })
    expect(status).toBe(400)
    expect(json.detail).toContain('steps')
  })
})
