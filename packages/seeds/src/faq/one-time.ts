import type { FaqEntry } from './faq-entry.ts'

/** On one-time notifications. */
export const faqOneTime: readonly FaqEntry[] = [
  {
    id: 'subscription-or-not',
    question: 'Is this a subscription?',
    answer:
      'No. One yes is one message. If the person engages with that message, the 24-hour ' +
      'window opens again.',
    requirements: ['S1-13', 'S1-14'],
    tests: [
      'services/token-ledger/test/fold-and-query.integration.test.ts',
      'services/dispatcher/test/spend.integration.test.ts',
    ],
  },
  {
    id: 'apply-for-permission',
    question: 'Does a page need a permission?',
    answer:
      'Yes: its owner applies in the page settings under advanced messaging, and accepts the ' +
      'terms. Meta has no call that tells how it went, so pnpm otn pages capability tells the ' +
      'system.',
    requirements: ['S1-15', 'S0-07'],
    tests: [
      'infra/e2e/test/pages-onboarding.integration.test.ts',
      'services/page-registry/src/domain/capability.test.ts',
    ],
  },
  {
    id: 'what-it-is-for',
    question: 'What may it be used for?',
    answer:
      'For what the person asked to hear: each topic is declared with its purpose, and a ' +
      'message names the topic that it is about.',
    requirements: ['S1-16'],
    tests: ['infra/e2e/catalogue.e2e.test.ts', 'packages/cli/src/commands/catalogue.test.ts'],
  },
  {
    id: 'another-topic',
    question: 'May a token be used for another topic?',
    answer:
      'No. A message on a topic that the person did not agree to is refused, and no token is ' +
      'spent.',
    requirements: ['S1-17', 'S1-18'],
    tests: ['infra/e2e/spending.e2e.test.ts', 'packages/policy/src/each-rule.test.ts'],
  },
  {
    id: 'several-questions',
    question: 'May several questions be sent to one person?',
    answer:
      'Yes, each within an open window. Our own limits come before those of Meta, so that ' +
      'nobody is flooded.',
    requirements: ['S1-19', 'S1-20'],
    tests: ['infra/e2e/asking.e2e.test.ts', 'packages/policy/src/request-rules.test.ts'],
  },
  {
    id: 'does-a-tap-open-the-window',
    question: 'Does the window open when the question is sent, or when it is tapped?',
    answer:
      'Sending opens nothing. Whether the tap on Notify Me opens it is documented both ways; ' +
      'here it does not, unless a setting says so. A message, a postback or a reaction does.',
    requirements: ['S1-21'],
    tests: [
      'infra/chaos/src/tap-window.test.ts',
      'services/token-ledger/src/domain/person.test.ts',
    ],
  },
  {
    id: 'webhook-of-consent',
    question: 'Which webhook tells of consent?',
    answer:
      'messaging_optins, which the guide calls message_optins. A page without it is noticed ' +
      'and mended.',
    requirements: ['S1-22', 'S0-14'],
    tests: [
      'infra/e2e/test/pages-watch.integration.test.ts',
      'services/page-registry/src/domain/webhook-fields.test.ts',
    ],
  },
  {
    id: 'what-a-token-is',
    question: 'What does the page get when somebody agrees?',
    answer:
      'A token: the right to send that person one message about that topic, once, within a ' +
      'year, also outside the 24-hour window. Payload and token are both kept, sealed.',
    requirements: ['S1-23', 'S1-24', 'S0-03', 'S0-22'],
    tests: ['infra/e2e/consent.e2e.test.ts', 'services/dispatcher/test/spend.integration.test.ts'],
  },
  {
    id: 'once',
    question: 'Can a token be used twice?',
    answer:
      'No, whatever dies in the middle. A claim comes before the call, and a call whose ' +
      'answer was lost is called unknown until there is evidence.',
    requirements: ['S1-25', 'S0-04'],
    tests: ['infra/e2e/spending.e2e.test.ts', 'infra/chaos/src/simulation.test.ts'],
  },
  {
    id: 'how-long',
    question: 'How long is a token good?',
    answer:
      'A year from its creation; we stop a day before. Its end is told 30, 7 and 1 days ' +
      'ahead.',
    requirements: ['S1-26', 'S0-05'],
    tests: [
      'services/token-ledger/src/domain/expiry.test.ts',
      'infra/e2e/faults/long-times.fault.test.ts',
    ],
  },
  {
    id: 'token-for-a-question',
    question: 'May a token be spent on another question?',
    answer: 'Yes, and the answer says that there is no clear benefit in it.',
    requirements: ['S1-27'],
    tests: [
      'packages/policy/src/request-rules.test.ts',
      'services/dispatcher/src/handlers/preview-request.test.ts',
    ],
  },
  {
    id: 'used-token',
    question: 'What happens to a token that was used already, perhaps by another tool?',
    answer:
      'Meta refuses it, and it counts as dead from then on, whoever used it. No second ' +
      'message goes out.',
    requirements: ['S1-28', 'S0-20'],
    tests: [
      'infra/e2e/spending.e2e.test.ts',
      'packages/meta-simulator/src/domain/judge-send.test.ts',
    ],
  },
  {
    id: 'list-of-tokens',
    question: 'Can the tokens of a page be fetched from Meta?',
    answer:
      'No, so a lost webhook is lost consent. A webhook is answered 200 once every usable ' +
      'item of it is on the log, and the ledger has the list.',
    requirements: ['S1-29', 'S0-24'],
    tests: [
      'infra/e2e/catalogue.e2e.test.ts',
      'services/ingress/src/handlers/post-webhook.test.ts',
    ],
  },
  {
    id: 'whose-permission',
    question: 'Is the permission one of the app or of the page?',
    answer:
      'Of the page. It is kept page by page, with its dates; a page whose permission was ' +
      'denied or revoked sends nothing.',
    requirements: ['S1-30', 'S0-07'],
    tests: ['infra/e2e/test/pages-onboarding.integration.test.ts'],
  },
  {
    id: 'tags-and-tokens',
    question: 'Does a message by token need a message tag?',
    answer: 'No, and none is sent with it.',
    requirements: ['S1-31'],
    tests: [
      'packages/graph-api/src/build-message.test.ts',
      'packages/policy/src/notify-rules.test.ts',
    ],
  },
  {
    id: 'what-a-payload-may-hold',
    question: 'What may stand in a payload?',
    answer:
      'Nothing personal, secret or sensitive: our own payloads name the topic and a context ' +
      'without meaning to others, and a question that carries more is refused.',
    requirements: ['S0-27'],
    tests: ['packages/policy/src/personal-data.test.ts', 'infra/e2e/asking.e2e.test.ts'],
  },
]
