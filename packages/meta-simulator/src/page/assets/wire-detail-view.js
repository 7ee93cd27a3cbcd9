import { h } from './element.js'

/** One webhook or call, opened. */
export function wireDetailView({ request, headers, body, bodyBytes, signed, answer, curl }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return h(
    'div.detail',
    {},
    part('Request', `${request}\n${lines.join('\n')}`),
    signed !== null && h('p.signed', {}, h('strong', {}, 'Signed: '), signed),
    part(`Body, ${bodyBytes} bytes`, body, signed === null ? '' : 'is-signed'),
    part('Answer', answer),
    h(
      'button.plain',
      { type: 'button', 'data-do': 'copy', 'data-text': curl },
      'Copy as curl, without secrets',
    ),
  )
}

function part(title, text, mark = '') {
  return h(
    'div.part',
    {},
    h('h4', {}, title),
    h('pre', { class: mark || null, tabindex: 0, 'aria-label': title }, h('code', {}, text)),
  )
}
