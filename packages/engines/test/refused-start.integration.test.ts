import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort, startEngines } from '../src/index.ts'
import { requireTools } from '../src/missing-tools.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-refused-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.unstubAllEnvs()
})

async function listen(): Promise<{ readonly server: Server; readonly port: number }> {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { server, port }
}

describe('a start is refused before anything runs', () => {
  test('when chosen ports are taken, with setting, port and owner of each', async () => {
    const [kafka, registry] = await Promise.all([listen(), listen()])
    vi.stubEnv('TMPDIR', folder)
    const start = startEngines({
      kafka: { ports: [{ setting: 'KAFKA_PORT', port: kafka.port }] },
      registry: { port: { setting: 'REGISTRY_PORT', port: registry.port } },
    })
    await expect(start).rejects.toMatchObject({
      code: 'OTN_ENGINE_PORT_TAKEN',
      message: expect.stringMatching(
        new RegExp(
          `KAFKA_PORT: port ${kafka.port} is taken by process ${process.pid} .*` +
            `REGISTRY_PORT: port ${registry.port} is taken by process ${process.pid} `,
        ),
      ),
    })
    expect(await readdir(folder)).toEqual([])
    kafka.server.close()
    registry.server.close()
  })

  test('when tools are missing, naming all of them and the ways around', async () => {
    vi.stubEnv('TMPDIR', folder)
    vi.stubEnv('PATH', folder)
    vi.stubEnv('JAVA_HOME', '')
    const start = startEngines({ how: 'native', cacheDir: join(folder, 'cache') })
    const error = await start.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'OTN_ENGINE_MISSING' })
    for (const word of [
      'Java 17',
      'Maven',
      'pip',
      'tar',
      'Docker',
      'KAFKA_BROKERS',
      'MONGODB_URI',
    ]) {
      expect(String(error)).toContain(word)
    }
    expect(await readdir(folder)).toEqual([])
  })

  test('not for want of Maven or pip once everything was fetched', async () => {
    const cacheDir = join(folder, 'filled')
    const names = ['kafka-4.1.1', 'mongodb-6.0.5', 'apicurio-registry-3.0.9']
    await Promise.all(names.map((name) => mkdir(join(cacheDir, name), { recursive: true })))
    vi.stubEnv('PATH', folder)
    vi.stubEnv('JAVA_HOME', '')
    await expect(requireTools(['mongodb'], cacheDir)).resolves.toBeUndefined()
    const error = await requireTools(['kafka', 'registry'], cacheDir).catch((reason) => reason)
    expect(error.details).toEqual({ missing: [expect.stringContaining('Java 17')] })
  })
})
