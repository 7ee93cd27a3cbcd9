/** What a native start needs from the machine, asked before anything is started. */
import { appError } from '@otn/kernel'
import type { EngineName } from './engine.ts'
import { hasJava } from './java.ts'
import { areKafkaFilesCached } from './kafka-files.ts'
import { hasMaven } from './maven.ts'
import { canRunWheel, hasMongod, hasPip, isMongodCached } from './mongod-files.ts'
import { areRegistryFilesCached, hasTar } from './registry-files.ts'

const JAVA = 'Java 17 or newer (java on PATH or JAVA_HOME; Debian, Ubuntu: openjdk-17-jre-headless)'
const MAVEN = 'Apache Maven 3.8 or newer (mvn on PATH; Debian, Ubuntu: maven)'
const TAR = 'tar'
const PIP = 'Python 3 with pip (python3 -m pip; Debian, Ubuntu: python3-pip)'
const MONGOD = 'MongoDB 6 or newer (mongod on PATH)'

/**
 * Passes only when the machine has everything these engines need.
 * @throws OTN_ENGINE_MISSING naming all that is missing, at once, and the ways around it.
 */
export async function requireTools(
  engines: readonly EngineName[],
  cacheDir: string,
): Promise<void> {
  const missing = (await Promise.all(engines.map((engine) => missingFor(engine, cacheDir)))).flat()
  if (missing.length === 0) return
  const needs = [...new Set(missing)].map((tool) => `\n  - ${tool}`).join('')
  const message =
    `No Docker engine answers, and to start ${engines.join(', ')} without one this machine lacks:` +
    `${needs}\nInstall these, or start Docker, or give addresses of running engines: ` +
    `${engines.map((engine) => ADDRESS_SETTINGS[engine]).join(', ')}.`
  throw appError('OTN_ENGINE_MISSING', { message, details: { missing: [...new Set(missing)] } })
}

const ADDRESS_SETTINGS: Readonly<Record<EngineName, string>> = {
  kafka: 'KAFKA_BROKERS',
  mongodb: 'MONGODB_URI',
  registry: 'SCHEMA_REGISTRY_URL',
}

async function missingFor(engine: EngineName, cacheDir: string): Promise<string[]> {
  switch (engine) {
    case 'kafka':
      return lacking([
        [JAVA, hasJava],
        [MAVEN, async () => areKafkaFilesCached(cacheDir) || hasMaven()],
      ])
    case 'registry':
      return lacking([
        [JAVA, hasJava],
        [MAVEN, async () => areRegistryFilesCached(cacheDir) || hasMaven()],
        [TAR, async () => areRegistryFilesCached(cacheDir) || hasTar()],
      ])
    case 'mongodb':
      if (isMongodCached(cacheDir) || (await hasMongod())) return []
      return canRunWheel() ? lacking([[PIP, hasPip]]) : [MONGOD]
  }
}

type Need = readonly [string, () => Promise<boolean>]

async function lacking(needs: readonly Need[]): Promise<string[]> {
  const answers = await Promise.all(
    needs.map(async ([name, isThere]) => ((await isThere()) ? [] : [name])),
  )
  return answers.flat()
}
