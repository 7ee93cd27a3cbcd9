import { linkTo } from './address.js'
import { h } from './element.js'

/** The people whom the page knows. */
export function peopleView({ people, can }, { person }, { scenarios }) {
  const more = people.count - people.items.length
  return h(
    'section',
    { id: 'people', tabindex: -1, 'aria-labelledby': 'people-title' },
    h('h2', { id: 'people-title' }, 'People ', h('span.count', {}, String(people.count))),
    people.count === 0 && h('p.quiet', {}, 'Nobody yet. Add somebody below.'),
    h(
      'ul.people',
      {},
      people.items.map((one) => personItem(one, person)),
    ),
    more > 0 && h('p.quiet', {}, `and ${more} more who came earlier`),
    addForm(),
    can.scenario && scenarioPart(scenarios),
  )
}

function personItem({ psid, name, openTokens, isWindowOpen }, chosen) {
  const isChosen = psid === chosen
  const href = linkTo({ person: psid, token: null, show: null })
  const initial = [...name][0] ?? '?'
  return h(
    'li',
    { 'data-key': psid },
    h(
      'a',
      { href, 'data-go': true, 'aria-current': isChosen ? 'true' : null },
      h(`span.face.hue-${Number(psid.slice(-2)) % 5}`, { 'aria-hidden': 'true' }, initial),
      h(
        'span.who',
        {},
        h('span', {}, name),
        h('small.quiet', {}, isWindowOpen ? 'window open' : 'window closed'),
      ),
      openTokens > 0 && h('span.pill', {}, `${openTokens} open`),
    ),
  )
}

function addForm() {
  return h(
    'form.stack',
    { 'data-do': 'add-person' },
    h('label', { for: 'new-name' }, 'Somebody new'),
    h(
      'div.row',
      {},
      h('input', { id: 'new-name', name: 'name', placeholder: 'Name', maxlength: 100 }),
      h('button', { type: 'submit' }, 'Add'),
    ),
    h('button.plain', { type: 'button', 'data-do': 'add-hundred' }, 'Add 100 people'),
  )
}

function scenarioPart(scenarios) {
  return h(
    'div.stack',
    {},
    scenarios.length > 0 && playForm(scenarios),
    h('label', { for: 'scenario' }, 'Import a scenario'),
    h('input', { id: 'scenario', type: 'file', accept: '.json', 'data-do': 'import-scenario' }),
  )
}

function playForm(scenarios) {
  return h(
    'form.stack',
    { 'data-do': 'play' },
    h('label', { for: 'shipped' }, 'Play a scenario'),
    h(
      'div.row',
      {},
      h(
        'select',
        { id: 'shipped', name: 'file' },
        scenarios.map(({ file, name }) => h('option', { value: file }, name)),
      ),
      h('button', { type: 'submit' }, 'Play'),
    ),
  )
}
