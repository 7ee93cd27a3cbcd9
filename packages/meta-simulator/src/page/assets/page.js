/** Asks for the state, draws it, and turns presses into calls of the control API. */
import { actions } from './actions.js'
import { linkTo, readAddress } from './address.js'
import { fetchKnowledge, fetchState } from './api.js'
import { arrivalsOf } from './arrivals.js'
import { h } from './element.js'
import { fetchExtras } from './extras.js'
import { morph } from './morph.js'
import { peopleView } from './people-view.js'
import { phoneView } from './phone-view.js'
import { sightView } from './sight-view.js'
import { clockText } from './times.js'
import { weatherView } from './weather-view.js'

const LOOK_MS = 400
const KNOWLEDGE_MS = 1_000

let state = null
let tag = null
let knowledge = null
let extras = { scenarios: [], webhookWeather: null }
let aheadMs = 0
let timer
/** Counts the looks, so that an answer which others have overtaken is let go. */
let looks = 0

const nowMs = () => Date.now() + aheadMs
const byId = (id) => document.getElementById(id)

async function look() {
  clearTimeout(timer)
  looks += 1
  const mine = looks
  try {
    const next = await fetchState(readAddress(), tag)
    if (mine !== looks) return
    if (next !== null) take(next)
    showProblem(null, 'connection')
  } catch (error) {
    showProblem(`The simulator does not answer: ${error.message}`, 'connection')
  }
  if (!document.hidden) timer = setTimeout(look, LOOK_MS)
}

function take(next) {
  const arrived = arrivalsOf(state, next.state)
  if (state?.person?.psid !== next.state.person?.psid) knowledge = null
  state = next.state
  tag = next.tag
  aheadMs = state.nowMs - Date.now()
  draw()
  if (arrived !== null) say(arrived)
}

/** What is asked of others than this state; drawn again only where it differs. */
async function learn() {
  try {
    await learnOnce()
  } finally {
    // Whatever went wrong once must not end the asking.
    setTimeout(learn, KNOWLEDGE_MS)
  }
}

async function learnOnce() {
  const person = state?.person
  const isAsked = person && state.can.knowledge
  if (state !== null && !document.hidden) {
    const before = JSON.stringify([knowledge, extras])
    const [known, more] = await Promise.all([
      isAsked ? fetchKnowledge(state.page.pageId, person.psid).catch(() => null) : null,
      fetchExtras(state.can, extras).catch(() => extras),
    ])
    extras = more
    if (known !== null && person.psid === state.person?.psid) knowledge = known
    if (JSON.stringify([knowledge, extras]) !== before) draw()
  }
}

function draw() {
  const address = readAddress()
  morph(byId('pages'), pagesView(state))
  byId('clock').textContent = clockText(nowMs())
  morph(byId('people'), peopleView(state, address, extras))
  drawPhone()
  morph(byId('sight'), sightView(state, address, { knowledge, nowMs: nowMs() }))
  morph(byId('weather'), weatherView(state, address, extras))
  document.body.dataset.ready = 'true'
}

/** The newest message is in sight, unless somebody scrolled up to read. */
function drawPhone() {
  const chat = () => document.querySelector('.chat')
  const count = chat()?.childElementCount
  morph(byId('phone'), phoneView(state, nowMs()))
  const log = chat()
  if (log !== null && log.childElementCount !== count) log.scrollTop = log.scrollHeight
}

function pagesView({ pages, page }) {
  return h(
    'nav',
    { id: 'pages', 'aria-label': 'Pages of the pretend business' },
    pages.map(({ pageId, name }) => {
      const href = linkTo({ page: pageId, person: null, token: null, show: null })
      const isCurrent = pageId === page?.pageId
      return h('a', { href, 'data-go': true, 'aria-current': isCurrent ? 'page' : null }, name)
    }),
  )
}

function say(text) {
  byId('arrivals').textContent = text
}

function showProblem(text, about) {
  const place = byId('problem')
  if (text === null) {
    if (place.dataset.about === about) place.replaceChildren()
    return
  }
  if (place.textContent.startsWith(text)) return
  place.dataset.about = about
  const close = h('button.plain', { type: 'button', 'data-do': 'dismiss' }, 'Close')
  place.replaceChildren(h('p', {}, text), close)
}

function go(changes, { isQuiet = false } = {}) {
  history[isQuiet ? 'replaceState' : 'pushState'](null, '', linkTo(changes))
  tag = null
  return look()
}

async function run(element, form) {
  const { do: name, ...data } = element.dataset
  showProblem(null, 'action')
  if (name === 'dismiss') return byId('problem').replaceChildren()
  const context = {
    pageId: state.page?.pageId,
    psid: state.person?.psid,
    state,
    element,
    data,
    form,
  }
  try {
    const { said, go: changes, reset, quiet } = await actions[name](context)
    if (said !== undefined) say(said)
    if (reset) element.reset()
    if (changes) await go(changes, { isQuiet: quiet })
    else await look()
  } catch (error) {
    showProblem(error.message, 'action')
  }
}

addEventListener('click', (event) => {
  const link = event.target.closest('a[data-go]')
  if (link !== null && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
    event.preventDefault()
    history.pushState(null, '', link.href)
    tag = null
    void look()
    return
  }
  const button = event.target.closest('button[data-do]')
  if (button !== null) void run(button)
})
addEventListener('submit', (event) => {
  event.preventDefault()
  void run(event.target, new FormData(event.target))
})
addEventListener('change', (event) => {
  if (event.target.matches('input[type="file"][data-do]')) void run(event.target)
})
// `toggle` does not bubble, but it is caught on its way down.
addEventListener('toggle', (event) => void run(event.target), true)
addEventListener('popstate', () => {
  tag = null
  void look()
})
addEventListener('visibilitychange', () => {
  if (!document.hidden) void look()
})

await look()
void learn()
