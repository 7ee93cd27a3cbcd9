import { buttons } from './buttons.js'
import { h } from './element.js'
import { ERRORS, JUMPS, knobText, SLOW, UNKNOWABLE } from './weather-catalogue.js'
import { webhookPart } from './webhook-view.js'

/** What goes wrong on purpose. */
export function weatherView({ weather, person, page }, address, { webhookWeather }) {
  const { knobs, switches, webhook } = weather
  const isOpen = address.weather === 'open'
  return h(
    'section',
    { id: 'weather', tabindex: -1, 'aria-labelledby': 'weather-title' },
    h(
      'details',
      { open: isOpen, 'data-do': 'weather' },
      h(
        'summary',
        {},
        h('h2', { id: 'weather-title' }, 'Weather'),
        h('span.quiet', {}, summaryText(knobs, switches)),
      ),
      h(
        'div.weather',
        {},
        sendPart(page),
        inForcePart(knobs, isEchoing(switches)),
        webhookPart(person, webhook, webhookWeather),
        worldPart(switches),
      ),
    ),
  )
}

function summaryText(knobs, switches) {
  const held = isEchoing(switches) ? [] : ['echoes are held back']
  const wrong = [...knobs.map(knobText), ...held]
  return wrong.length === 0 ? 'fair: nothing goes wrong on purpose' : wrong.join('; ')
}

function isEchoing({ echo, echoOnTokenSend }) {
  return echo && echoOnTokenSend
}

function sendPart(page) {
  return h(
    'div.group',
    {},
    h('h3', {}, 'The Send API'),
    h(
      'fieldset.choice',
      {},
      h('legend', {}, `strikes, at ${page.name},`),
      radio('next', 'the next call', true),
      radio('every', 'every call until it clears up', false),
    ),
    h('h4', {}, 'Nobody can know whether it went out'),
    buttons(
      'knob',
      UNKNOWABLE.map(({ name, label }) => [name, label]),
    ),
    h('h4', {}, 'Meta says no'),
    buttons(
      'knob',
      ERRORS.map(({ name, label }) => [name, label]),
    ),
    h('h4', {}, 'The answer takes'),
    buttons(
      'knob',
      SLOW.map(({ name, label }) => [name, label]),
    ),
  )
}

function radio(value, label, isDefault) {
  return h(
    'label',
    {},
    h('input', { type: 'radio', name: 'strikes', value, checked: isDefault }),
    ` ${label}`,
  )
}

function inForcePart(knobs, echoes) {
  return h(
    'div.group',
    {},
    h('h3', {}, 'In force'),
    knobs.length === 0 && echoes
      ? h('p.quiet', {}, 'Nothing goes wrong on purpose.')
      : h(
          'ul',
          {},
          knobs.map((knob) => h('li', { 'data-key': knob.id }, knobText(knob))),
          !echoes && h('li', { 'data-key': 'echo' }, 'Echoes of token sends are held back.'),
        ),
    h('button.plain', { type: 'button', 'data-do': 'clear-up' }, 'Clear up'),
  )
}

function worldPart(switches) {
  return h(
    'div.group',
    {},
    h('h3', {}, 'The world'),
    h('h4', {}, 'Jump the clock by'),
    buttons(
      'jump',
      JUMPS.map(([label, ms]) => [String(ms), label]),
    ),
    h('h4', {}, 'The echo that settles a doubt'),
    h(
      'button.plain',
      { type: 'button', 'data-do': 'echo', 'aria-pressed': isEchoing(switches) ? 'false' : 'true' },
      'Hold echoes back',
    ),
  )
}
