import { describe, expect, test } from 'vitest'
import { fingerprint } from '../codec/fingerprint.ts'
import { schemas } from '../generated/schemas.ts'
import { allKafkaTopics } from '../topics.ts'
import { findSchemaIds, publishSchemas } from './published-ids.ts'
import { registryInMemory } from './registry-in-memory.ts'

const faultsOf = async (sources: Parameters<typeof findSchemaIds>[0]) => {
  const found = await findSchemaIds(sources)
  return 'faults' in found ? found.faults : []
}

describe('schema ids', () => {
  test('the file alone suffices: no registry is asked', async () => {
    const file = await publishSchemas(registryInMemory())
    const found = await findSchemaIds({ file })
    expect('ids' in found && found.ids.idOf('Notify')).toBe(file[fingerprint(schemas.Notify)])
  })

  test('without file and registry every missing schema is named at once, with the next step', async () => {
    const faults = await faultsOf({})
    expect(faults).toHaveLength(allKafkaTopics.length)
    expect(faults[0]).toContain('pnpm otn schemas publish')
  })

  test('an id that stands for two schemas stops the start', async () => {
    const file = await publishSchemas(registryInMemory())
    const doubled = {
      ...file,
      [fingerprint(schemas.Notify)]: file[fingerprint(schemas.PageEvent)] ?? 0,
    }
    expect((await faultsOf({ file: doubled })).join()).toContain('stands for two schemas')
  })

  test('a file of another registry stops the start', async () => {
    const registry = registryInMemory()
    const file = await publishSchemas(registry)
    const shifted = Object.fromEntries(Object.entries(file).map(([print, id]) => [print, id + 1]))
    const faults = await faultsOf({ file: shifted, registry })
    expect(faults.join()).toContain('the registry gives it to another schema')
  })

  test('a schema whose words alone changed keeps the id that the file has for it', async () => {
    const registry = registryInMemory()
    const older = { ...schemas.Notify, doc: 'Said in other words before.' }
    const print = fingerprint(schemas.Notify)
    expect(fingerprint(older)).toBe(print)
    const file = { [print]: await registry.register('s', JSON.stringify(older)) }
    const ids = await publishSchemas(registry, '', file)
    expect(ids[print]).toBe(file[print])
    expect(Object.keys(ids)).toHaveLength(allKafkaTopics.length)
    // An id that the registry gives to another schema, or to none, is not kept.
    const strange = { [print]: ids[fingerprint(schemas.PageEvent)] ?? 0 }
    expect((await publishSchemas(registry, '', strange))[print]).not.toBe(strange[print])
    expect((await publishSchemas(registry, '', { [print]: 999 }))[print]).not.toBe(999)
  })

  test('an id met on the log is learned once the registry knows it, and not before', async () => {
    const registry = registryInMemory()
    const file = await publishSchemas(registry)
    const found = await findSchemaIds({ file, registry })
    if ('faults' in found) throw new Error(found.faults.join())
    expect(await found.ids.learn(99)).toBe(false)
    const id = await registry.register(
      's',
      JSON.stringify({ type: 'record', name: 'X', fields: [] }),
    )
    expect(found.ids.schemaOf(id)).toBeNull()
    expect(await found.ids.learn(id)).toBe(true)
    expect(found.ids.schemaOf(id)).toMatchObject({ name: 'X' })
  })
})
