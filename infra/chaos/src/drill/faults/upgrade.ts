/** A rolling upgrade and the way back: each version reads what the other one wrote. */
import { execFile } from 'node:child_process'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Deployment } from '@otn/stack'
import type { Clocked } from '../cell-options.ts'
import type { Exercise } from '../exercise.ts'
import { ROOT_FOLDER } from '../folders.ts'
import { checkOutPrevious } from '../previous-version.ts'
import { dropAndRefold } from '../verdict.ts'

const ORDER: readonly Clocked[] = ['token-ledger', 'dispatcher', 'ingress']

function goTo(service: Clocked, version: 'previous' | 'this'): Exercise {
  return {
    family: 'upgrade',
    id: `${service} of ${version} version`,
    run: async ({ services, deployment }) => {
      const target = services[service]
      if (version === 'previous') await publishItsSchemas(deployment)
      const life = version === 'this' ? {} : { entry: await entryOf(target.entry) }
      await target.stop()
      await target.start(life)
      await target.untilReady()
    },
  }
}

async function entryOf(entry: string): Promise<string> {
  return join(await checkOutPrevious(), relative(ROOT_FOLDER, entry))
}

/**
 * A deployment that is upgraded had the schemas of the version before long ago; a cell has only
 * ours. What the ids file lacks a service asks the registry for. Repeating it adds nothing.
 */
async function publishItsSchemas(deployment: Deployment): Promise<void> {
  const { schemaRegistryUrl, topicPrefix } = deployment
  const env = {
    ...process.env,
    SCHEMA_REGISTRY_URL: schemaRegistryUrl,
    KAFKA_TOPIC_PREFIX: topicPrefix,
    KAFKA_BROKERS: deployment.kafkaBrokers.join(','),
  }
  const args = ['packages/cli/src/main.ts', 'schemas', 'publish']
  await promisify(execFile)(process.execPath, args, { cwd: await checkOutPrevious(), env })
}

/** The whole log, folded anew by whichever version runs. */
function foldAgain(version: 'previous' | 'this'): Exercise {
  return {
    family: 'upgrade',
    id: `MongoDB dropped under ${version} version: it folds the log of both`,
    run: dropAndRefold,
  }
}

export const upgradeExercises: readonly Exercise[] = [
  ...ORDER.map((service) => goTo(service, 'previous')),
  foldAgain('previous'),
  ...ORDER.map((service) => goTo(service, 'this')),
  foldAgain('this'),
]
