import { expect, test } from 'vitest'

import { readScenario } from './read-scenario.ts'

const scenario = (...steps: unknown[]) => JSON.stringify({ name: 'n', says: 's', steps })

test('a duration is read from the words that people use', () => {
  const text = scenario({ do: 'clock', advance: '25 h', every: '90min' })
  expect(readScenario(text, 'file').steps).toEqual([
    { do: 'clock', advance: 90_000_000, every: 5_400_000 },
  ])
})

test.each([
  ['{', /^walk\.json: no JSON: /],
  ['[]', /^walk\.json: file: /],
  [scenario(), /steps: /],
  [scenario({ do: 'dance' }), /step 1, do: .*'ask'/],
  [scenario({ do: 'ask', who: 'Ada' }), /step 1, who: must be a nickname such as "ada"/],
  [
    scenario({ do: 'ask', who: 'ada' }, { do: 'clock', advance: 'soon' }),
    /step 2, advance: must be a number and one of ms, s, min, h, d, as in "25 h"/,
  ],
  [scenario({ do: 'expect', token: 1 }), /step 1: .*"token"/],
  [scenario({ do: 'wait-for', within: '11 min' }), /step 1, within: must be at most 10 min/],
  [scenario({ do: 'weather', webhooks: { duplicateShare: 2 } }), /webhooks, duplicateShare: /],
  [scenario({ do: 'weather', calls: { times: 1 } }), /calls, deliver: is needed without a name/],
  [' '.repeat(1024 * 1024 + 1), /longer than/],
])('what is wrong is named with file, step and field (%#)', (text, message) => {
  expect(() => readScenario(text, 'walk.json')).toThrow(message)
})
