import type { FaqEntry } from './faq-entry.ts'

/** On errors, test users, tags and webhooks. */
export const faqCallbacks: readonly FaqEntry[] = [
  {
    id: 'what-an-error-means',
    question: 'Meta answered with an error: what does it mean?',
    answer:
      'pnpm otn why CODE, for example why 100 or why 10/2018278: the likely causes, whether ' +
      'the message may be out, and who does what next.',
    requirements: ['S1-32'],
    tests: ['packages/cli/src/commands/why.test.ts'],
  },
  {
    id: 'test-user',
    question: 'Can all of it be tried without a real page?',
    answer:
      'With a test user of the app, whose pages need no review (pages connect --test-user), ' +
      'and without Meta altogether: pnpm start runs against a stand-in.',
    requirements: ['S1-33', 'S1-34', 'S1-35'],
    tests: [
      'infra/e2e/pages.e2e.test.ts',
      'packages/graph-api/src/set-up/set-up-on-simulator.test.ts',
    ],
  },
  {
    id: 'life-of-a-login',
    question: 'How long does an access token last?',
    answer:
      'That of a login an hour; it is exchanged for a long-lived one at once and forgotten. ' +
      "The page's own token is watched: its end is warned of 30, 7, 1 and 0 days ahead.",
    requirements: ['S1-36'],
    tests: [
      'infra/e2e/test/pages-onboarding.integration.test.ts',
      'infra/e2e/test/pages-watch.integration.test.ts',
    ],
  },
  {
    id: 'tag-inside-the-window',
    question: 'Must I know whether the window is open before I tag a message?',
    answer:
      'No. A message of an approved use carries its tag inside the window too; route AUTO ' +
      'chooses by itself between window, tag and token.',
    requirements: ['S1-37'],
    tests: ['infra/e2e/routes.e2e.test.ts', 'packages/policy/src/notify-rules.test.ts'],
  },
  {
    id: 'outside-the-window',
    question: 'What may go out once 24 hours have passed?',
    answer:
      'A message by token, or one with a tag whose use is approved, from a page in good ' +
      'standing. Anything else is refused before it is sent.',
    requirements: ['S1-38', 'S1-39'],
    tests: ['infra/e2e/routes.e2e.test.ts', 'packages/policy/src/notify-judged.property.test.ts'],
  },
  {
    id: 'is-the-webhook-set-up',
    question: 'How do I see that webhooks are set up?',
    answer:
      'pnpm otn pages connect tries the address as Meta would, and names what is wrong there; ' +
      'pnpm otn doctor looks again at any time.',
    requirements: ['S1-41', 'S1-42'],
    tests: [
      'infra/e2e/test/pages-onboarding.integration.test.ts',
      'packages/cli/src/commands/pages-connect.test.ts',
    ],
  },
  {
    id: 'no-webhooks-any-more',
    question: 'Webhooks stopped coming: why, and what now?',
    answer:
      'After an hour without a 200 Meta unsubscribes the app and its pages. The watch ' +
      'notices, subscribes again once the address answers, and tells from when to when ' +
      'webhooks may be missing. By hand: pnpm otn pages follow PAGE.',
    requirements: ['S1-43'],
    tests: [
      'infra/e2e/test/pages-outage.integration.test.ts',
      'infra/e2e/test/pages-watch.integration.test.ts',
    ],
  },
  {
    id: 'is-it-really-meta',
    question: 'How do I know that a webhook came from Meta?',
    answer:
      'By its signature over the bytes of the body, checked before anything is read. What is ' +
      'not signed with an app secret of ours is answered 401 and reaches no topic of events.',
    requirements: ['S1-44', 'D-03'],
    tests: [
      'infra/chaos/src/forged-webhooks.test.ts',
      'services/ingress/src/adapters/authenticator-hmac.test.ts',
    ],
  },
  {
    id: 'not-answered-200',
    question: 'What happens to a webhook that is not answered 200?',
    answer:
      'Meta sends it again, and it is one fact however often it comes. Long failure is an ' +
      'alarm of ours before Meta tells of it; with the spool an hour without Kafka costs ' +
      'nothing.',
    requirements: ['S1-45', 'S1-46', 'S1-47'],
    tests: [
      'services/ingress/test/webhook-health.integration.test.ts',
      'services/ingress/src/domain/webhook-alarms.test.ts',
    ],
  },
  {
    id: 'how-fast-to-answer',
    question: 'How fast must a webhook be answered?',
    answer:
      'Within 20 seconds. We answer within 3: the answer waits for the log and for no ' +
      'processing.',
    requirements: ['S1-48', 'S1-49'],
    tests: [
      'services/ingress/test/kafka-away.integration.test.ts',
      'services/ingress/src/no-engine-in-the-way.test.ts',
    ],
  },
  {
    id: 'recent-errors',
    question: 'Where are the recent errors of webhooks?',
    answer:
      "pnpm otn webhook errors shows ours; Meta's own list is in the app dashboard under " +
      'Messenger, settings, webhooks: Show recent errors.',
    requirements: ['S1-50'],
    tests: ['packages/cli/src/commands/webhook.test.ts'],
  },
  {
    id: 'who-helps',
    question: 'What do I hand over to whoever helps?',
    answer:
      'pnpm otn support bundle writes one file: versions, settings, the lines of the doctor, ' +
      'lag, errors and alarms, without a secret or a person in it.',
    requirements: ['S0-30'],
    tests: ['packages/cli/src/commands/support-bundle.test.ts', 'infra/e2e/support.e2e.test.ts'],
  },
]
