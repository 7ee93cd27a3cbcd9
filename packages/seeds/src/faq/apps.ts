import type { FaqEntry } from './faq-entry.ts'

const PAGES = 'infra/e2e/test/pages-onboarding.integration.test.ts'

/** On apps, pages and people. */
export const faqApps: readonly FaqEntry[] = [
  {
    id: 'connect-a-page',
    question: 'How does a page get our app?',
    answer:
      'By Facebook Login: somebody with full control of the page grants pages_show_list, ' +
      'pages_messaging and pages_manage_metadata, then pnpm otn pages connect PAGE does the ' +
      'rest, step by step. The page is said connected when every step was seen done.',
    requirements: ['S1-02', 'S1-36'],
    tests: [PAGES, 'packages/cli/src/commands/pages-connect.test.ts'],
  },
  {
    id: 'where-apps-stand',
    question: 'Where do I see which app a page has authorised?',
    answer:
      'pnpm otn pages show PAGE: app, permissions, the end of the token, and dates. At Meta ' +
      'the same stands in the page settings, under advanced messaging.',
    requirements: ['S1-03'],
    tests: [PAGES, 'packages/cli/src/commands/pages-show.test.ts'],
  },
  {
    id: 'several-pages',
    question: 'May one app serve several pages?',
    answer:
      'Yes, once the app passed its review for pages_messaging; a second page before that is ' +
      'refused with the next step. Consent of one page is never spent for another.',
    requirements: ['S1-04', 'S1-05'],
    tests: [PAGES, 'infra/e2e/consent.e2e.test.ts'],
  },
  {
    id: 'which-page-a-webhook-is-of',
    question: 'How do I know which page and which context a webhook is of?',
    answer:
      'The page stands in the entry of the webhook. The context is yours: the payload of the ' +
      'question comes back unchanged, and rules of the page name a topic for payloads of ' +
      'others.',
    requirements: ['S1-06', 'S0-21'],
    tests: ['infra/e2e/catalogue.e2e.test.ts', 'infra/e2e/consent.e2e.test.ts'],
  },
  {
    id: 'several-apps',
    question: 'May several apps share a page?',
    answer:
      'Yes. What another app sends is not taken for ours, and a person whose thread another ' +
      'app owns gets nothing from us meanwhile. A page that another app follows is connected ' +
      'only beside it, by name.',
    requirements: ['S1-07', 'S1-08'],
    tests: ['services/ingress/src/domain/items.test.ts', 'infra/e2e/standing.e2e.test.ts'],
  },
  {
    id: 'one-persons-data',
    question: "Can one person's data be given out or erased?",
    answer:
      'Not yet by a command of its own. What identifies a person is sealed under a key of its ' +
      'own wherever it stands, so that erasing will be destroying that key.',
    requirements: ['S1-09'],
    tests: [],
  },
  {
    id: 'context-of-the-plugin',
    question: 'Does the context of a click on the plugin reach us?',
    answer:
      'Yes: what data-ref carries is kept with the person. Who came by search has no such ' +
      'context, and is complete without it.',
    requirements: ['S1-10', 'S1-11'],
    tests: [
      'services/token-ledger/test/recipients.integration.test.ts',
      'services/token-ledger/src/domain/entry.test.ts',
    ],
  },
  {
    id: 'users-of-the-site',
    question: 'Can a thread be tied to a user of our site?',
    answer:
      'Yes, by account linking: a message may then be addressed by externalUserId, and the ' +
      'ledger finds the person.',
    requirements: ['S1-12'],
    tests: ['infra/e2e/routes.e2e.test.ts', 'services/token-ledger/src/domain/account.test.ts'],
  },
  {
    id: 'list-of-people',
    question: 'Is there an API that lists everybody who may be written to?',
    answer:
      'Not at Meta. The ledger folds its own list from the log: pnpm otn person list, pnpm ' +
      'otn token list. It can be dropped and built again at any time.',
    requirements: ['S1-40', 'S0-23'],
    tests: ['infra/e2e/catalogue.e2e.test.ts'],
  },
]
