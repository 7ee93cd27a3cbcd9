import { buttons } from './buttons.js'
import { h } from './element.js'
import { isInForce, REPLAYS, WEBHOOK_WEATHER } from './weather-catalogue.js'

/** Where webhooks go, what happens to them on their way, and those that can go out again. */
export function webhookPart(person, { callbackUrl, waiting, lost }, weather) {
  const way =
    callbackUrl === null ? 'Nobody has registered a callback.' : `They go to ${callbackUrl}.`
  return h(
    'div.group',
    {},
    h('h3', {}, 'Webhooks'),
    h('p.quiet', {}, `${way} ${waiting} on their way, ${lost} lost.`),
    weather !== null && [h('h4', {}, 'From now on'), switches(weather)],
    person === null
      ? h('p.quiet', {}, 'Choose somebody to send webhooks again.')
      : [h('h4', {}, `Send again, about ${person.name}`), buttons('replay', REPLAYS)],
  )
}

function switches(weather) {
  return h(
    'div.buttons',
    {},
    WEBHOOK_WEATHER.map(([name, label, on]) =>
      h(
        'button.plain',
        {
          type: 'button',
          'data-do': 'webhook-weather',
          'data-value': name,
          'aria-pressed': isInForce(on, weather) ? 'true' : 'false',
        },
        label,
      ),
    ),
  )
}
