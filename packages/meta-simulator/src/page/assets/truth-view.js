import { linkTo } from './address.js'
import { h } from './element.js'
import { timeOf } from './times.js'

/** One token as Meta knows it beside what ledger and dispatcher can know, and what joins them. */
export function truthView({ person, can }, address, { knowledge, nowMs }) {
  const { tokens } = person
  const token = tokens.find(({ key }) => key === address.token) ?? tokens[0]
  if (token === undefined) {
    return h('p.quiet', {}, 'No token yet. A tap on Notify me makes one: the right to one message.')
  }
  const known = knowledge?.tokens.find(({ key }) => key === token.key) ?? null
  return h(
    'div.truth',
    {},
    tokens.length > 1 && tokenLinks(tokens, token),
    h('div.sides', {}, truthSide(token, nowMs), knownSide(known, { can, knowledge, nowMs })),
    // The two sides come by two questions: a verdict of another truth than the one shown waits.
    known !== null && known.truth === token.state && verdictView(known.verdict),
  )
}

function tokenLinks(tokens, chosen) {
  return h(
    'nav.tokens',
    { 'aria-label': 'Tokens of this person' },
    tokens.map(({ key, hint, state }) =>
      h(
        'a',
        {
          href: linkTo({ token: key }),
          'data-go': true,
          'data-key': key,
          'aria-current': key === chosen.key ? 'true' : null,
        },
        `${hint} ${STATES[state].toLowerCase()}`,
      ),
    ),
  )
}

const STATES = { ISSUED: 'Free', SPENT: 'Spent', EXPIRED: 'Expired' }

function truthSide({ hint, state, calls, grantedAtMs, expiresAtMs, spent }, nowMs) {
  return h(
    'div.side.is-truth',
    {},
    h('h3', {}, 'Truth ', h('small', {}, 'Meta alone knows')),
    h(`p.state.${state.toLowerCase()}`, {}, STATES[state]),
    h(
      'dl',
      {},
      fact('Token', hint),
      fact('Granted', timeOf(grantedAtMs, nowMs)),
      spent === null
        ? fact('Valid until', timeOf(expiresAtMs, nowMs))
        : fact('Message delivered', timeOf(spent.atMs, nowMs)),
      fact('Calls with it', String(calls)),
    ),
  )
}

function knownSide(known, { can, knowledge, nowMs }) {
  return h(
    'div.side.is-known',
    {},
    h('h3', {}, 'Knowledge ', h('small', {}, 'what we can know')),
    known === null ? unknownText(can, knowledge) : knownBody(known, nowMs),
  )
}

function unknownText({ knowledge: isGiven }, knowledge) {
  if (!isGiven) {
    return h(
      'p.quiet',
      {},
      'Start the simulator with SIMULATOR_LEDGER_URL, SIMULATOR_DISPATCHER_URL and ',
      'SIMULATOR_KNOWLEDGE_API_KEY, or run pnpm start, to see the services’ side here.',
    )
  }
  if (knowledge?.fault) return h('p.quiet', {}, `The services cannot be asked: ${knowledge.fault}.`)
  return h('p.quiet', {}, knowledge === null ? 'Asking …' : 'Older tokens are not asked for.')
}

function knownBody({ ledger, command, facts }, nowMs) {
  const state = ledger?.state ?? 'unknown'
  const last = command?.attempts.at(-1)
  return [
    h(`p.state.${state}`, {}, ledger === null ? 'Not known' : capital(state)),
    h(
      'dl',
      {},
      ledger !== null && fact('Topic', ledger.topic ?? 'none'),
      command !== null && fact('Command', command.state),
      last !== undefined && fact(`Call ${last.number}`, endingText(last)),
      command?.certainty && fact('Proof', command.certainty.toLowerCase()),
    ),
    facts.length > 0 && factList(facts, nowMs),
  ]
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1)
}

function endingText({ ending, graphCode }) {
  return graphCode === null ? ending : `${ending}, code ${graphCode}`
}

function factList(facts, nowMs) {
  return h(
    'ol.facts',
    { 'aria-label': 'Facts on the log about this token' },
    facts.map(({ type, at }) => h('li', {}, h('span', {}, type), ' ', timeOf(at, nowMs))),
  )
}

function fact(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value))
}

const KINDS = {
  agree: '=',
  careful: '≥',
  behind: '…',
  doubt: '?',
  broken: '!',
}

function verdictView({ kind, title, text, steps }) {
  return h(
    `div.verdict.${kind}`,
    {},
    h('span.sign', { 'aria-hidden': 'true' }, KINDS[kind]),
    h(
      'div',
      {},
      h('h4', {}, title),
      h('p', {}, text),
      steps.length > 0 && h('h5', {}, 'How the two are reconciled'),
      steps.length > 0 &&
        h(
          'ol',
          {},
          steps.map((step) => h('li', {}, step)),
        ),
    ),
  )
}
