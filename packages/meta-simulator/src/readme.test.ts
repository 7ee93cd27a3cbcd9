import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { actSchema, pageEventSchema } from './control/act-requests.ts'
import { knobNames } from './domain/named-knobs.ts'
import { defaultSwitches } from './domain/switches.ts'
import { fairWeather } from './domain/webhook-weather.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test.each(Object.keys(defaultSwitches))('the switch %s stands in the table of guesses', (name) => {
  const table = readme.slice(readme.indexOf('## What is a guess'))
  expect(table).toContain(`\`${name}\``)
})

test.each(knobNames)('the knob %s is named', (name) => {
  expect(readme).toContain(`\`${name}\``)
})

test.each(Object.keys(fairWeather))('the weather %s stands in its table', (name) => {
  const table = readme.slice(readme.indexOf('| weather'), readme.indexOf('## Scenarios'))
  expect(table).toContain(`\`${name}\``)
})

test('every act and every event is named', () => {
  const kinds = [actSchema.shape.act, pageEventSchema.shape.event].flatMap(({ options }) =>
    options.flatMap(({ shape: { kind } }): string[] =>
      'options' in kind ? kind.options : [...kind.values],
    ),
  )
  expect(kinds.length).toBeGreaterThan(25)
  const said = readme.slice(readme.indexOf('## What people'), readme.indexOf('## Webhooks'))
  expect(kinds.filter((kind) => !said.includes(`\`${kind}\``))).toEqual([])
})
