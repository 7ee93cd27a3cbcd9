/** What goes wrong on purpose, and what is undocumented. */
import type { z } from 'zod'

import type { Knob } from '../domain/knobs.ts'
import { namedKnob, plainKnob } from '../domain/named-knobs.ts'
import type { Switches } from '../domain/switches.ts'
import type { Simulation } from '../simulation.ts'
import { wholeKnobSchema } from './knob-requests.ts'
import { parseInput } from './parse-input.ts'
import { switchesSchema } from './requests.ts'

export interface WeatherControl {
  knobs(): readonly Knob[]
  /** Strikes Send API calls from now on; the oldest knob that matches a call wins. */
  addKnob(input: z.input<typeof wholeKnobSchema>): Knob
  clearKnobs(): void
  switches(): Switches
  /** Turns the switches that are given, leaves the others; `answers` is replaced as a whole. */
  setSwitches(input: z.input<typeof switchesSchema>): Switches
}

export function createWeatherControl(simulation: Simulation): WeatherControl {
  let count = 0
  return {
    knobs: () => simulation.knobs,
    addKnob: (input) => {
      count += 1
      const knob = knobOf(`knob-${count}`, parseInput(wholeKnobSchema, input))
      simulation.knobs = [...simulation.knobs, knob]
      return knob
    },
    clearKnobs: () => {
      simulation.knobs = []
    },
    switches: () => simulation.switches,
    setSwitches: (input) => {
      const given = present(parseInput(switchesSchema, input))
      simulation.switches = { ...simulation.switches, ...given }
      return simulation.switches
    },
  }
}

function knobOf(id: string, { name, ...given }: z.output<typeof wholeKnobSchema>): Knob {
  const preset = name === undefined ? null : namedKnob(name)
  const what = preset ?? { deliver: true, answer: { kind: 'genuine' } as const }
  return { id, ...plainKnob, ...what, ...present(given) }
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that are there: an absent one must not replace what stands. */
function present<T extends object>(given: T): Present<T> {
  const members = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(members) as Present<T>
}
