#!/usr/bin/env node
/** The start command: settings from the environment, then a stand-in until a signal comes. */
import { runService } from '@otn/runtime'

import { optionsOf, simulatorSettings } from './config.ts'
import { playCommand } from './play-command.ts'
import { startSimulator } from './start-simulator.ts'

const STOP_MS = 5_000

const [command, ...args] = process.argv.slice(2)
if (command === 'play') {
  process.exitCode = await playCommand(args, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  })
} else {
  await runService(
    {
      name: 'meta-simulator',
      settings: simulatorSettings,
      stopMs: STOP_MS,
      start: async (values, { log }) => {
        const simulator = await startSimulator(optionsOf(values))
        const { graphUrl, simulatorUrl, clockUrl, seed, pages } = simulator
        const pageIds = pages.map(({ pageId }) => pageId)
        log.info({ event: 'simulator.listening', graphUrl, simulatorUrl, clockUrl, seed, pageIds })
        return { url: simulatorUrl, close: () => simulator.close() }
      },
    },
    process.env,
  )
}
