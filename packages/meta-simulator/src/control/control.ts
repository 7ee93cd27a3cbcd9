import type { Simulation } from '../simulation.ts'
import { type ClockControl, type ClockWires, createClockControl } from './clock-control.ts'
import { createGraphControl, type GraphControl } from './graph-control.ts'
import { createPeopleControl, type PeopleControl } from './people-control.ts'
import { createSendControl, type SendControl } from './send-control.ts'
import { createTruthControl, type TruthControl } from './truth-control.ts'
import { createWeatherControl, type WeatherControl } from './weather-control.ts'
import { createWebhookControl, type WebhookControl, type WebhookWires } from './webhook-control.ts'

/** Everything a test, the command line or the stack may do to the pretend world. */
export type Control = PeopleControl &
  GraphControl &
  SendControl &
  WeatherControl &
  WebhookControl &
  TruthControl &
  ClockControl

export function createControl(simulation: Simulation, wires: WebhookWires & ClockWires): Control {
  return {
    ...createPeopleControl(simulation),
    ...createGraphControl(simulation, wires),
    ...createSendControl(simulation),
    ...createWeatherControl(simulation),
    ...createWebhookControl(simulation, wires),
    ...createTruthControl(simulation),
    ...createClockControl(simulation, wires),
  }
}
