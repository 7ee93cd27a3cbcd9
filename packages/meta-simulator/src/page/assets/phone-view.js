import { h } from './element.js'
import { pageSideView } from './page-side-view.js'
import { timeOf } from './times.js'

/** What stands on the chosen person's phone, and what that person can do. */
export function phoneView(state, nowMs) {
  const { person } = state
  return h(
    'section',
    { id: 'phone', tabindex: -1, 'aria-labelledby': 'phone-title' },
    h('h2', { id: 'phone-title' }, person === null ? 'Phone' : `${person.name}’s phone`),
    person === null ? emptyPhone() : phone(state, nowMs),
    person !== null && pageSideView(state),
  )
}

function emptyPhone() {
  return h('div.phone.is-empty', {}, h('p', {}, 'Choose somebody on the left.'))
}

function phone({ person, page, can }, nowMs) {
  return h(
    'div.phone',
    {},
    h('p.phone-top', {}, h('strong', {}, page.name), windowText(person, nowMs)),
    h(
      'div.chat',
      { role: 'log', tabindex: 0, 'aria-label': 'Conversation', 'aria-live': 'off' },
      person.bubbles.length === 0 && h('p.notice', {}, 'No messages yet.'),
      person.bubbles.map((bubble) => bubbleView(bubble, nowMs)),
    ),
    h(
      'form.composer',
      { 'data-do': 'reply' },
      h('label.unseen', { for: 'reply' }, `Write as ${person.name}`),
      h('input', {
        id: 'reply',
        name: 'text',
        placeholder: `Write as ${person.name}`,
        required: true,
      }),
      h('button', { type: 'submit' }, 'Send'),
    ),
    actsView(person, can),
  )
}

function windowText({ windowUntilMs }, nowMs) {
  if (windowUntilMs === null) return h('small', {}, '24-hour window closed')
  return h('small', {}, 'window open until ', timeOf(windowUntilMs, nowMs))
}

function bubbleView(bubble, nowMs) {
  const { key, kind, text, atMs, isRead, reaction, byToken } = bubble
  if (kind === 'notice') return h('p.notice', { 'data-key': key }, text, ' · ', timeOf(atMs, nowMs))
  if (kind === 'card') return cardView(bubble, nowMs)
  const isFresh = nowMs - atMs < FRESH_MS
  const marks = [byToken && 'one-time notification', isRead && 'read'].filter(Boolean)
  return h(
    `div.bubble.${kind}${isFresh ? '.fresh' : ''}${byToken ? '.by-token' : ''}`,
    { 'data-key': key },
    h('p', {}, text),
    h('small', {}, timeOf(atMs, nowMs), marks.map((mark) => ` · ${mark}`).join('')),
    reaction !== null && h('span.reaction', { role: 'img', 'aria-label': 'reacted' }, reaction),
  )
}

const FRESH_MS = 4_000

/** After the tap the button stays where it is, greyed, so that the keyboard keeps its place. */
function cardView({ key, text, tapped, mid, atMs }, nowMs) {
  return h(
    `div.bubble.card${tapped ? '.is-tapped' : ''}`,
    { 'data-key': key },
    h('p', {}, text),
    h(
      'button',
      {
        type: 'button',
        'data-do': 'tap',
        'data-mid': mid,
        'aria-disabled': tapped ? 'true' : null,
      },
      tapped ? 'You will be notified' : 'Notify me',
    ),
    h('small', {}, timeOf(atMs, nowMs)),
  )
}

/** Words for the acts this simulator knows; others it knows are for tests. */
const ACTS = [
  ['read', 'Read all'],
  ['reaction', 'React ❤'],
  ['stop', 'Stop'],
  ['resume', 'Resume'],
  ['delete-chat', 'Delete chat'],
  ['block', 'Block the page'],
  ['unblock', 'Unblock'],
]

function actsView({ name }, { acts }) {
  const offered = ACTS.filter(([kind]) => acts.includes(kind))
  return h(
    'div.acts',
    { role: 'group', 'aria-label': `What ${name} can do` },
    offered.map(([kind, label]) =>
      h('button.plain', { type: 'button', 'data-do': 'act', 'data-kind': kind }, label),
    ),
  )
}
