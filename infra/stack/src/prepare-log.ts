import { readFileSync } from 'node:fs'
import { applyTopics, importPages, type PageEntry, publishSchemasTo } from '@otn/cli'
import { GiveUp, waitFor } from '@otn/engines'
import { isAppError, Secret } from '@otn/kernel'
import { logSettings } from './log-settings.ts'
import type { Deployment } from './service-plans.ts'
import { simulatedPages } from './simulator-process.ts'

const LED_MS = 30_000

export interface PageSource {
  readonly simulatorUrl: string | null
  readonly pagesFile: string | null
}

/**
 * Makes the log ready for services: Kafka topics, schemas and pages. Repeating it adds nothing.
 * @returns the pages that stand on the log
 */
export async function prepareLog(
  deployment: Deployment,
  source: PageSource,
): Promise<readonly { readonly pageId: string; readonly name: string }[]> {
  const settings = logSettings(deployment, deployment.replicationFactor)
  await Promise.all([applyTopics(settings), publishSchemasTo(settings)])
  const pages = await pagesOf(source, deployment.appId)
  const { personPepper, masterKey } = deployment
  const secrets = { personPepper: new Secret(personPepper), masterKey: new Secret(masterKey) }
  // A catalogue that somebody changed by hand outlives a restart on the simulator's pages.
  const keepsCatalogue = source.pagesFile === null
  await onceLed(() => importPages(pages, { log: settings, ...secrets, keepsCatalogue }))
  return pages.map(({ pageId, name }) => ({ pageId, name }))
}

/** A cluster of several brokers takes a moment to give new partitions their leaders. */
async function onceLed(work: () => Promise<unknown>): Promise<void> {
  const done = async () => {
    await work().catch((error) => {
      throw isAppError(error) && error.retryable ? error : new GiveUp(error)
    })
    return true
  }
  await waitFor(done, { timeoutMs: LED_MS, describe: 'the Kafka topics to be led' })
}

async function pagesOf(source: PageSource, appId: string): Promise<readonly PageEntry[]> {
  const { simulatorUrl, pagesFile } = source
  if (pagesFile !== null) return JSON.parse(readFileSync(pagesFile, 'utf8'))
  if (simulatorUrl === null) return []
  const pages = await simulatedPages(simulatorUrl)
  // A payload that is itself a valid topic names it: handy for trying things out.
  const topicRules = [{ ruleId: 'identity', kind: 'identity' as const, priority: 100 }]
  return pages.map((page) => ({ ...page, appId, topics: [{ topic: 'restock-1234' }], topicRules }))
}
