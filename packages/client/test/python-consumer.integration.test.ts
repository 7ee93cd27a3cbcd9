import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { allKafkaTopics, type KafkaTopic, type Records } from '@otn/contracts'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeployment, type Deployment } from './support/deployment.ts'
import { pythonPackages } from './support/python-packages.ts'
import { sampleRecord } from './support/sample-record.ts'

const EXAMPLES = join(import.meta.dirname, '../../../docs/examples')
const PER_TOPIC = 30
const run = promisify(execFile)
const scope = testScope()
let deployment: Deployment
let packages: string

beforeAll(async () => {
  deployment = await createDeployment(scope)
  packages = await pythonPackages(join(EXAMPLES, 'requirements.txt'))
})

afterAll(async () => {
  await deployment?.[Symbol.asyncDispose]()
})

/** Runs the example as its first lines say; every line it prints, parsed. */
async function consume(kafkaTopic: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const env = {
    PATH: process.env.PATH,
    PYTHONPATH: packages,
    KAFKA_BROKERS: scope.kafkaBrokers.join(','),
    SCHEMA_REGISTRY_URL: scope.schemaRegistryUrl,
  }
  const { stdout } = await run('python3', [join(EXAMPLES, 'consumer.py'), kafkaTopic], { env })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line))
}

async function append({ alias, record }: (typeof allKafkaTopics)[number]): Promise<void> {
  const sample = sampleRecord(record)
  const records = Array.from({ length: PER_TOPIC }, (_, at) => ({
    topic: alias,
    key: `key-${at}`,
    value: deployment.codec.encode(record, sample as unknown as Records[typeof record]),
    headers: {},
  }))
  await deployment.bus.appender().append(records)
}

/** Instants as Python writes them, bytes in base64. */
function asPrinted(record: KafkaTopic['record']): Readonly<Record<string, unknown>> {
  const printed = Object.entries(sampleRecord(record)).map(([name, value]) => {
    if (Buffer.isBuffer(value)) return [name, value.toString('base64')]
    return [name, value === 1_790_000_000_000 ? '2026-09-21T14:13:20+00:00' : value]
  })
  return Object.fromEntries(printed)
}

describe('[D-09] a consumer in another language that knows only the registry', () => {
  test.each(allKafkaTopics)('reads $name from offset 0, every field', async (topic) => {
    await append(topic)
    const records = await consume(`${scope.prefix}${topic.name}`)
    expect(records).toHaveLength(PER_TOPIC)
    for (const record of records) expect(record).toEqual(asPrinted(topic.record))
  })

  test('takes at most a page of code', async () => {
    const { stdout } = await run('wc', ['-l', join(EXAMPLES, 'consumer.py')])
    expect(Number.parseInt(stdout, 10)).toBeLessThanOrEqual(40)
  })
})
