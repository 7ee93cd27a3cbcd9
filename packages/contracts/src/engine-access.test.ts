import { describe, expect, test } from 'vitest'
import { engineAccess, kafkaAclsOf, mongodbRoleOf, type SecuredService } from './engine-access.ts'
import { allKafkaTopics, kafkaTopics } from './topics.ts'

const services = Object.keys(engineAccess) as SecuredService[]

describe('the table of grants', () => {
  test('lets nobody but the page registry and the ingress write page events', () => {
    const writers = services.filter((service) =>
      kafkaAclsOf(service).some(
        ({ operation, name }) => operation === 'Write' && name === kafkaTopics.page.name,
      ),
    )
    expect(writers).toEqual(['ingress', 'page-registry'])
  })

  test('names Kafka topics and groups of one deployment alone', () => {
    for (const service of services) {
      const names = kafkaAclsOf(service, 'blue.').map(({ name }) => name)
      expect(names.filter((name) => !name.startsWith('blue.'))).toEqual([])
    }
  })

  test('gives every event and parked message a writer', () => {
    const written = new Set(services.flatMap((service) => engineAccess[service].writes))
    const orphans = allKafkaTopics.filter(({ kind, alias }) => {
      return kind !== 'command' && !written.has(alias as never)
    })
    expect(orphans).toEqual([])
  })

  test('keeps each service to its own database, and the ingress out of MongoDB', () => {
    const databases = services.map((service) => mongodbRoleOf(service, 'blue')?.database ?? null)
    expect(databases).toEqual([null, 'blue_ledger', 'blue_dispatcher', 'blue_pages'])
  })
})
