import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dispatcherSettings } from '@otn/dispatcher'
import { ingressSettings } from '@otn/ingress'
import { registrySettings } from '@otn/page-registry'
import { type Declarations, readSettings } from '@otn/runtime'
import { ledgerSettings } from '@otn/token-ledger'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
// Not part of what the package publishes, hence by its file.
import { simulatorSettings } from '../../../../packages/meta-simulator/src/config.ts'
import { ROOT, read } from './files.ts'

interface Service {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, unknown>> | readonly string[]
  readonly networks?: readonly string[]
  readonly volumes?: readonly string[]
}

const compose: {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly networks: Readonly<Record<string, unknown>>
} = parse(read('docker-compose.yml'), { merge: true })

const ours: Readonly<Record<string, Declarations>> = {
  ingress: ingressSettings,
  'token-ledger': ledgerSettings,
  dispatcher: dispatcherSettings,
  'page-registry': registrySettings,
  simulator: simulatorSettings,
}

describe('the compose file', () => {
  test('holds the engines, every service and the simulator', () => {
    const names = ['kafka', 'mongodb', 'registry', ...Object.keys(ours)]
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(names))
    expect(compose.services.kafka?.image).toContain(':4.1.1')
    expect(compose.services.registry?.image).toContain(':3.0.9')
  })

  test.each(Object.entries(ours))(
    '%s starts: its settings are all there, well formed and known',
    (name, settings) => {
      const { environment = {}, command = [] } = compose.services[name] ?? {}
      const missingFile = (): string => {
        throw new Error('no file')
      }
      const result = readSettings(settings, { env: environment, readFile: missingFile })
      expect('faults' in result ? result.faults : []).toEqual([])
      const known = new Set(Object.values(settings).map(({ env }) => env))
      expect(Object.keys(environment).filter((env) => !known.has(env))).toEqual([])
      expect(existsSync(join(ROOT, command[0] ?? 'none'))).toBe(true)
    },
  )

  test('names only networks, volumes and services that it has', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const needs = Array.isArray(service.depends_on)
        ? service.depends_on
        : Object.keys(service.depends_on ?? {})
      for (const needed of needs) expect(compose.services, name).toHaveProperty([needed])
      for (const network of service.networks ?? [])
        expect(compose.networks).toHaveProperty([network])
      const named = (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '')
      for (const volume of named) {
        if (volume.startsWith('.')) expect(existsSync(join(ROOT, volume)), volume).toBe(true)
        else expect(compose.volumes).toHaveProperty([volume])
      }
    }
  })
})
