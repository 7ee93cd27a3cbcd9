/** For the tests of product services: a notifier without Kafka. */
export { createFakeNotifier, type FakeNotifier, type FakeNotifierOptions } from './fake-notifier.ts'
