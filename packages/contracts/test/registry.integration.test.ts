import { randomUUID } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import { createCodec } from '../src/codec/codec.ts'
import { fingerprint } from '../src/codec/fingerprint.ts'
import { schemas } from '../src/generated/schemas.ts'
import { findSchemaIds, publishSchemas } from '../src/registry/published-ids.ts'
import { createRegistryClient } from '../src/registry/registry-client.ts'
import { allKafkaTopics, kafkaTopics, subjectOf } from '../src/topics.ts'

const { schemaRegistryUrl } = inject('engines')
const registry = createRegistryClient(schemaRegistryUrl, 60_000)
const topicPrefix = `${randomUUID().slice(0, 8)}.`

describe('[D-06] the registry', () => {
  test('gives every schema an id, the same one each time, under which it can be read again', async () => {
    const first = await publishSchemas(registry, topicPrefix)
    expect(await publishSchemas(registry, topicPrefix)).toEqual(first)
    expect(Object.keys(first)).toHaveLength(allKafkaTopics.length)
    for (const [print, id] of Object.entries(first)) {
      expect(fingerprint(JSON.parse((await registry.schemaById(id)) ?? 'null'))).toBe(print)
    }
  })

  test('is asked for what no file names, and the codec works on its answer', async () => {
    await publishSchemas(registry, topicPrefix)
    const found = await findSchemaIds({ registry, topicPrefix })
    if ('faults' in found) throw new Error(found.faults.join())
    const codec = createCodec(found.ids)
    const value = { commandId: 'c', pageId: '1', text: '在庫' } as never
    const decoded = codec.decode('Notify', codec.encode('Notify', value))
    expect(decoded).toMatchObject({ kind: 'known', value: { text: '在庫' } })
  })

  test('refuses a version that old readers or new readers could not read', async () => {
    await publishSchemas(registry, topicPrefix)
    const subject = subjectOf(kafkaTopics.notify, topicPrefix)
    const required = { name: 'must', type: 'string', doc: 'required and without a default' }
    const narrower = { ...schemas.Notify, fields: [...schemas.Notify.fields, required] }
    await expect(registry.register(subject, JSON.stringify(narrower))).rejects.toMatchObject({
      code: 'OTN_REGISTRY_INCOMPATIBLE',
    })
  })

  test('says that it does not know an id, and that is something else than being away', async () => {
    expect(await registry.schemaById(987_654_321)).toBeNull()
    const away = createRegistryClient('http://127.0.0.1:9/')
    await expect(away.schemaById(1)).rejects.toMatchObject({ code: 'OTN_REGISTRY_UNREACHABLE' })
  })
})
