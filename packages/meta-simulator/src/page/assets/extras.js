/**
 * What a simulator may have or not: shipped scenarios, weather of its webhooks. The state says
 * which (`can`); only what is there is asked for.
 */
import { send } from './api.js'

const NONE = { scenarios: [], webhookWeather: null }

/** The extras as of now; the scenarios never change and are asked for once. */
export async function fetchExtras(can, known = NONE) {
  const [scenarios, webhookWeather] = await Promise.all([
    can.scenario && known.scenarios.length === 0 ? shipped() : known.scenarios,
    can.webhookWeather ? send('GET', '/_sim/webhook/weather') : null,
  ])
  return { scenarios, webhookWeather }
}

async function shipped() {
  const { scenarios } = await send('GET', '/_sim/scenarios')
  return scenarios
}
