/** The scenarios that come with the simulator, by the names of their files. */
import blocked from '../../scenarios/blocked.json' with { type: 'json' }
import firstWalk from '../../scenarios/first-walk.json' with { type: 'json' }
import noAnswer from '../../scenarios/no-answer.json' with { type: 'json' }
import secondTap from '../../scenarios/second-tap.json' with { type: 'json' }
import webhookStorm from '../../scenarios/webhook-storm.json' with { type: 'json' }
import webhooksDisabled from '../../scenarios/webhooks-disabled.json' with { type: 'json' }
import windowReopens from '../../scenarios/window-reopens.json' with { type: 'json' }
import yearLater from '../../scenarios/year-later.json' with { type: 'json' }
import { checkScenario } from './read-scenario.ts'
import type { Scenario } from './scenario.ts'

const FILES = {
  'first-walk': firstWalk,
  'no-answer': noAnswer,
  'second-tap': secondTap,
  'year-later': yearLater,
  'window-reopens': windowReopens,
  'webhook-storm': webhookStorm,
  'webhooks-disabled': webhooksDisabled,
  blocked,
} as const satisfies Readonly<Record<string, unknown>>

/** Every shipped scenario, checked as any other. */
export function shippedScenarios(): ReadonlyMap<string, Scenario> {
  return new Map(
    Object.entries(FILES).map(([file, value]) => [file, checkScenario(value, `${file}.json`)]),
  )
}
