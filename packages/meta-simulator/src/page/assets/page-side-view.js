import { h } from './element.js'

/** What the business does: asks for permission, and sends by the product's own command line. */
export function pageSideView(state) {
  const command = notifyCommand(state)
  return h(
    'div.page-side',
    {},
    h('h3', {}, `What ${state.page.name} does`),
    h(
      'form.stack',
      { 'data-do': 'ask' },
      h('label', { for: 'topic' }, 'Ask about the topic'),
      h('input', {
        id: 'topic',
        name: 'topic',
        value: 'restock-1234',
        pattern: '[a-z0-9._\\-]{1,64}',
        required: true,
      }),
      h('label', { for: 'title' }, 'in these words, 65 characters at most'),
      h(
        'div.row',
        {},
        h('input', {
          id: 'title',
          name: 'title',
          value: 'Shall we tell you when it is back in stock?',
          maxlength: 65,
          required: true,
        }),
        h('button', { type: 'submit' }, 'Ask'),
      ),
    ),
    h('p', { id: 'send-hint' }, 'Send the notification as a product service would:'),
    h('pre', { tabindex: 0, 'aria-label': 'Command that sends' }, h('code', {}, command)),
    h(
      'button.plain',
      { type: 'button', 'data-do': 'copy', 'data-text': command },
      'Copy the command',
    ),
  )
}

function notifyCommand({ page, person }) {
  const open = person.tokens.find(({ state }) => state === 'ISSUED')
  const topic = /^otn1:([^:]*)/.exec(open?.payload ?? '')?.[1] ?? 'restock-1234'
  const who = `--page ${page.pageId} --psid ${person.psid} --topic ${topic}`
  return `pnpm otn notify ${who} --text "It is back." --wait 5000`
}
