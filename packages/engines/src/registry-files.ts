import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { appError } from '@otn/kernel'
import { type Cache, cached, isCached } from './cache.ts'
import { runMaven } from './maven.ts'
import { runCommand, tryCommand } from './run-command.ts'
import { requireSha256, sha256OfFile } from './sha256-of.ts'

/** 3.1 and later need Java 21. */
const REGISTRY_VERSION = '3.0.9'
const ARTIFACT = `io.apicurio:apicurio-registry-app:${REGISTRY_VERSION}:tar.gz:all`
const ARCHIVE_SHA256 = '2b28181501a20cbf6efcd77f9b7153908fc01f3d3a7c32024c0bd9e1b04c8a43'
const NAME = `apicurio-registry-${REGISTRY_VERSION}`

export function areRegistryFilesCached(cacheDir: string): boolean {
  return isCached(cacheDir, NAME)
}

/** Whether `tar` is there to unpack the archive. */
export async function hasTar(): Promise<boolean> {
  return (await tryCommand('tar', ['--version'])).code === 0
}

/** The jar that starts the registry; fetched by Maven once. */
export async function registryJar(cache: Cache): Promise<string> {
  const folder = await cached({ ...cache, name: NAME, tool: 'maven', fill })
  return join(folder, `apicurio-registry-app-${REGISTRY_VERSION}-runner.jar`)
}

async function fill(folder: string): Promise<void> {
  await runMaven({
    purpose: `Fetching Apicurio Registry ${REGISTRY_VERSION}`,
    goal: 'copy',
    settings: { artifact: ARTIFACT, outputDirectory: folder },
  })
  const [name] = await readdir(folder)
  if (name === undefined) {
    throw appError('OTN_ENGINE_FAILED', { message: `Maven copied nothing for ${ARTIFACT}` })
  }
  const archive = join(folder, name)
  requireSha256(name, await sha256OfFile(archive), ARCHIVE_SHA256)
  await runCommand(`Unpacking ${name}`, 'tar', ['-xzf', archive, '-C', folder])
  await rm(archive)
}
