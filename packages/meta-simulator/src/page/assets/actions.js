/**
 * What a press of each button does. Each returns words for those who listen rather than look, or
 * nothing; an Error it throws is shown.
 */
import { readAddress } from './address.js'
import { send } from './api.js'
import { replay } from './replay.js'
import { isInForce, KNOBS, WEBHOOK_WEATHER } from './weather-catalogue.js'

const WAIT_MS = 4_000

export const actions = {
  'add-person': async ({ pageId, form }) => {
    const name = form.get('name').trim()
    const { people } = await send('POST', '/_sim/people', { pageId, ...(name ? { name } : {}) })
    return { said: `${people[0].name} is new.`, go: { person: people[0].psid }, reset: true }
  },
  'add-hundred': async ({ pageId }) => {
    await send('POST', '/_sim/people', { pageId, count: 100 })
    return { said: 'A hundred people are new.' }
  },
  'import-scenario': async ({ element }) => {
    const [file] = element.files
    if (file === undefined) return {}
    return { said: await play(JSON.parse(await file.text())) }
  },
  play: async ({ form }) => ({ said: await play({ file: form.get('file') }) }),
  ask: async ({ pageId, psid, form }) => {
    const payload = `otn1:${form.get('topic')}:page`
    await send('POST', '/_sim/ask', { pageId, psid, payload, title: form.get('title') })
    return { said: 'The request for permission has arrived.' }
  },
  tap: async ({ pageId, psid, data, element }) => {
    if (element.getAttribute('aria-disabled') === 'true') return {}
    const tap = { pageId, psid, requestMid: data.mid, waitMs: WAIT_MS }
    const { delivered } = await send('POST', '/_sim/tap', tap)
    if (delivered === null) return { said: 'Tapped. The webhook was not answered yet.' }
    return { said: `Tapped. The webhook was answered after ${delivered.tookMs.toFixed(0)} ms.` }
  },
  reply: async ({ pageId, psid, form }) => {
    const act = { kind: 'message', text: form.get('text') }
    await send('POST', '/_sim/act', { pageId, psid, act })
    return { said: 'Sent. The 24-hour window is open.', reset: true }
  },
  act: async ({ pageId, psid, data, state }) => {
    const act = { kind: data.kind }
    if (data.kind === 'reaction') {
      const bubble = state.person.bubbles.findLast(({ mid }) => mid !== null)
      if (bubble === undefined) throw new Error('there is no message to react to yet')
      act.mid = bubble.mid
    }
    await send('POST', '/_sim/act', { pageId, psid, act })
    return { said: `${state.person.name}: ${data.kind}.` }
  },
  knob: async ({ pageId, data }) => {
    const { knob, label } = KNOBS.get(data.value)
    const chosen = document.querySelector('input[name="strikes"]:checked')
    const times = chosen?.value === 'every' ? null : 1
    await send('POST', '/_sim/knobs', { ...knob, pageId, times })
    return { said: `${label}: in force.` }
  },
  'webhook-weather': async ({ data }) => {
    const [, label, on, off] = WEBHOOK_WEATHER.find(([name]) => name === data.value)
    const weather = await send('GET', '/_sim/webhook/weather')
    const wasInForce = isInForce(on, weather)
    await send('POST', '/_sim/webhook/weather', wasInForce ? off : on)
    return { said: `${label}: ${wasInForce ? 'over' : 'in force'}.` }
  },
  'clear-up': async ({ state }) => {
    if (state.can.webhookWeather) await send('DELETE', '/_sim/webhook/weather')
    await send('DELETE', '/_sim/knobs')
    await send('POST', '/_sim/switches', { echo: true, echoOnTokenSend: true })
    return { said: 'Fair weather.' }
  },
  echo: async ({ state }) => {
    const isHeld = !(state.weather.switches.echo && state.weather.switches.echoOnTokenSend)
    await send('POST', '/_sim/switches', { echo: true, echoOnTokenSend: isHeld })
    return { said: isHeld ? 'Echoes go out.' : 'Echoes of token sends are held back.' }
  },
  replay: async ({ state, data }) => ({ said: await replay(state, data.value) }),
  jump: async ({ data }) => {
    await send('POST', '/clock', { advanceMs: Number(data.value) })
    return { said: 'The clock has jumped, and everybody who follows it has confirmed.' }
  },
  copy: async ({ data }) => {
    await navigator.clipboard.writeText(data.text)
    return { said: 'Copied.' }
  },
  weather: async ({ element }) => {
    const isOpen = readAddress().weather === 'open'
    return element.open === isOpen
      ? {}
      : { go: { weather: element.open ? 'open' : null }, quiet: true }
  },
}

/** Plays a scenario to its end. @throws Error with the step at which it stopped */
async function play(scenario) {
  const { name, ok, steps } = await send('POST', '/_sim/scenario', scenario)
  if (!ok) throw new Error(`“${name}” did not go as it says; it stopped at step ${steps.length}`)
  return `“${name}” went as it says, in ${steps.length} steps.`
}
