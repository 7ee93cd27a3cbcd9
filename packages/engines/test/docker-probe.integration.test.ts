import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isDockerThere } from '../src/docker.ts'

let folder = ''
const servers: Server[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-docker-'))
})
afterAll(async () => {
  for (const server of servers) server.close()
  await rm(folder, { recursive: true, force: true })
})

/** An engine as far as the probe sees it; a null status never answers. */
async function engine(name: string, status: number | null): Promise<NodeJS.ProcessEnv> {
  const server = createServer((request, response) => {
    if (status !== null) response.writeHead(request.url === '/_ping' ? status : 404).end('OK')
  })
  servers.push(server)
  const path = join(folder, name)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return { DOCKER_HOST: `unix://${path}` }
}

describe('Docker', () => {
  test('is there when its engine answers', async () => {
    expect(await isDockerThere(await engine('up.sock', 200))).toBe(true)
  })

  test('is not there when only its client is, or its engine is broken', async () => {
    expect(await isDockerThere({ DOCKER_HOST: `unix://${folder}/none.sock` })).toBe(false)
    expect(await isDockerThere(await engine('broken.sock', 500))).toBe(false)
  })

  test('is given up when it stays silent', async () => {
    const env = await engine('silent.sock', null)
    // Nothing else would end it.
    expect(await isDockerThere(env)).toBe(false)
  })
})
