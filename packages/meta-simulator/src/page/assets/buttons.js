import { h } from './element.js'

/** A row of buttons of one action, from pairs of value and label. */
export function buttons(action, choices) {
  return h(
    'div.buttons',
    {},
    choices.map(([value, label]) =>
      h('button.plain', { type: 'button', 'data-do': action, 'data-value': value }, label),
    ),
  )
}
