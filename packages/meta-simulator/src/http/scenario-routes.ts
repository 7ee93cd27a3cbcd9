import { appError } from '@otn/kernel'
import type { FastifyInstance } from 'fastify'

import { type PlayReport, playScenario } from '../scenario/play.ts'
import { checkScenario } from '../scenario/read-scenario.ts'
import { shippedScenarios } from '../scenario/shipped-scenarios.ts'
import type { Stage } from '../scenario/stage.ts'

/**
 * `GET /_sim/scenarios` shows the shipped ones; `POST /_sim/scenario` plays one, given whole or as
 * `{file}`, and answers with the report. Two at a time would be each other's weather.
 */
export function serveScenarios(server: FastifyInstance, stage: Stage): void {
  let isPlaying = false
  server.get('/_sim/scenarios', async () => ({
    scenarios: [...shippedScenarios()].map(([file, { name, says }]) => ({ file, name, says })),
  }))
  server.post('/_sim/scenario', async ({ body }): Promise<PlayReport> => {
    const scenario = shippedScenarios().get(fileOf(body)) ?? checkScenario(body, 'body')
    if (isPlaying) {
      const publicMessage = 'another scenario is being played; try again when it has ended'
      throw appError('OTN_HTTP_CONFLICT', { message: publicMessage, publicMessage })
    }
    isPlaying = true
    try {
      return await playScenario(scenario, { stage })
    } finally {
      isPlaying = false
    }
  })
}

function fileOf(body: unknown): string {
  const isNamed = typeof body === 'object' && body !== null && 'file' in body
  return isNamed && typeof body.file === 'string' ? body.file : ''
}
