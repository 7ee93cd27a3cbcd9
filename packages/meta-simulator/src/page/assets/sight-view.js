import { linkTo } from './address.js'
import { h } from './element.js'
import { timeOf } from './times.js'
import { truthView } from './truth-view.js'
import { wireDetailView } from './wire-detail-view.js'

/** What the system saw of the chosen person: truth beside knowledge, then the wire. */
export function sightView(state, address, { knowledge, nowMs }) {
  const { person } = state
  return h(
    'section',
    { id: 'sight', tabindex: -1, 'aria-labelledby': 'sight-title' },
    h('h2', { id: 'sight-title' }, 'What the system saw'),
    person === null
      ? h('p.quiet', {}, 'Webhooks and calls about the person you choose appear here.')
      : [truthView(state, address, { knowledge, nowMs }), wireView(state, address, nowMs)],
  )
}

const MARKS = { good: '✔', bad: '✖', silent: '∅', open: '…' }
const ARROWS = { webhook: 'webhook →', call: '→ Send API' }

function wireView({ person, shown }, { show }, nowMs) {
  return h(
    'div.wire',
    {},
    h('h3', {}, 'Over the wire'),
    person.wire.length === 0 && h('p.quiet', {}, 'Nothing yet: ask, then tap.'),
    h(
      'ul',
      {},
      person.wire.map((row) => {
        const isShown = row.id === show && shown !== null
        return h(
          'li',
          { 'data-key': row.id },
          h(
            `a.wire-row.${row.mood}`,
            {
              href: linkTo({ show: isShown ? null : row.id }),
              'data-go': true,
              'aria-current': isShown ? 'true' : null,
            },
            h('span.mark', { 'aria-hidden': 'true' }, MARKS[row.mood]),
            h('span.kind', {}, ARROWS[row.kind]),
            h('span.what', {}, row.what),
            h('span.outcome', {}, row.outcome),
            timeOf(row.atMs, nowMs),
          ),
          isShown && wireDetailView(shown),
        )
      }),
    ),
  )
}
