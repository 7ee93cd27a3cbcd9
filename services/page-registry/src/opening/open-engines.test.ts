import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { createLog, createMetrics, readSettings } from '@otn/runtime'
import { expect, test } from 'vitest'
import { MASTER_KEY, PEPPER } from '../../test/identity.ts'
import { registrySettings } from '../config.ts'
import { createTelemetry } from '../telemetry.ts'
import { openEngines } from './open-engines.ts'

const log = createLog({ service: 'test', level: 'silent' })
const tell = createTelemetry({ log, metrics: createMetrics('page-registry') })

/** The first bytes that MongoDB would see of a registry with these settings. */
async function firstBytes(more: Readonly<Record<string, string>>): Promise<Buffer> {
  const seen: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (bytes) => {
      seen.push(bytes)
      socket.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const env = {
    ...{ OTN_MODE: 'test', KAFKA_BROKERS: '127.0.0.1:9', OTN_PERSON_PEPPER: PEPPER },
    ...{ OTN_MASTER_KEY: MASTER_KEY, OTN_API_KEYS_FILE: 'keys.json' },
    ...{ META_APP_ID: '77', META_APP_SECRET: 'secret', META_VERIFY_TOKEN: 'verify' },
    ...{ REGISTRY_CALLBACK_URL: 'https://here/webhook', REGISTRY_START_WAIT_MS: '0' },
    ...{ REGISTRY_STORE_TIMEOUT_MS: '500', MONGODB_URI: `mongodb://127.0.0.1:${port}` },
    ...more,
  }
  const read = readSettings(registrySettings, { env, readFile: () => '' })
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  const opening = openEngines(read.values, { log, tell })
  await expect(opening).rejects.toMatchObject({ code: 'OTN_STORE_UNREACHABLE' })
  server.close()
  return seen[0] ?? Buffer.alloc(0)
}

test('MongoDB is spoken to by TLS where the settings name an authority', async () => {
  const authority = join(mkdtempSync(join(tmpdir(), 'otn-ca-')), 'ca.pem')
  writeFileSync(authority, rootCertificates[0] ?? '')
  const bytes = await firstBytes({ MONGODB_TLS_CA_FILE: authority })
  const handshake = 0x16
  expect(bytes[0]).toBe(handshake)
})
