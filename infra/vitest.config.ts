/** The kinds of tests; what each may touch stands in CONTRIBUTING.md. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { COULD_NOT_BE_CARRIED_OUT } from './checks/src/what-went-wrong.ts'

const MINUTE_MS = 60_000

/** Where engines are used; each second try is told at the end of the run, and few are allowed. */
const retry = { count: 1, condition: COULD_NOT_BE_CARRIED_OUT }

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    setupFiles: ['infra/checks/src/property-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,services,infra}/*/src/**/*.test.ts'],
          exclude: ['infra/chaos/src/*.test.ts'],
          // Half of the time would go into reading the same modules again for each file.
          isolate: false,
          // Properties of a thousand cases, on a machine that others use as well.
          testTimeout: MINUTE_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['infra/chaos/src/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: MINUTE_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          retry,
          include: ['{packages,services,infra}/*/test/*.integration.test.ts'],
          globalSetup: ['packages/testing/src/global-setup.ts'],
          pool: 'forks',
          // Files keep to names of their own, and wait for the most part.
          maxWorkers: 2,
          testTimeout: 4 * MINUTE_MS,
          hookTimeout: 4 * MINUTE_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          retry,
          include: ['infra/e2e/*.e2e.test.ts'],
          globalSetup: ['infra/e2e/src/shared-stack.ts'],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 5 * MINUTE_MS,
          hookTimeout: 5 * MINUTE_MS,
        },
      },
      {
        extends: true,
        test: {
          // The page for people in a real browser, on the same kind of stack.
          name: 'browser',
          retry,
          include: ['infra/e2e/browser/*.browser.test.ts'],
          globalSetup: ['infra/e2e/src/shared-stack.ts'],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 2 * MINUTE_MS,
          hookTimeout: 5 * MINUTE_MS,
        },
      },
      {
        extends: true,
        test: {
          // Each test breaks engines of its own, so no other one may need the machine meanwhile.
          name: 'faults',
          retry,
          include: [
            'infra/e2e/faults/*.fault.test.ts',
            '{packages,services,infra}/*/test/*.fault.test.ts',
          ],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 8 * MINUTE_MS,
          hookTimeout: 5 * MINUTE_MS,
        },
      },
    ],
  },
})
