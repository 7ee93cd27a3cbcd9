import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Addresses and keys of a running stack: `.otn/stack.json`, readable by its owner only. */
export interface StackFile {
  readonly kafkaBrokers: readonly string[]
  readonly mongodbUri: string
  readonly schemaRegistryUrl: string
  readonly schemaIdsFile: string
  readonly topicPrefix: string
  readonly databasePrefix: string
  readonly ingressUrl: string
  readonly ledgerUrl: string
  readonly dispatcherUrl: string
  /** Of the page registry. */
  readonly registryUrl: string
  readonly graphUrl: string
  /** Null where another Graph API was given. */
  readonly simulatorUrl: string | null
  readonly appSecret: string
  readonly appId: string
  readonly verifyToken: string
  readonly personPepper: string
  readonly masterKey: string
  readonly apiKey: string
  readonly pages: readonly { readonly pageId: string; readonly name: string }[]
  /** Process ids: the stack itself, engines and services. */
  readonly pids: Readonly<Record<string, number>>
}

const path = (home: string): string => join(home, 'stack.json')

/** Writes what `StackFile` names and nothing else: the shape is a contract. */
export function writeStackFile(home: string, file: StackFile): void {
  const content = onlyPublished(file)
  mkdirSync(home, { recursive: true })
  const draft = `${path(home)}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, path(home))
}

/** The file of a stack that runs; null where there is none or its process is gone. */
export function readStackFile(home: string): StackFile | null {
  try {
    const content: StackFile = JSON.parse(readFileSync(path(home), 'utf8'))
    return isAlive(content.pids.stack) ? content : null
  } catch {
    return null
  }
}

export function removeStackFile(home: string): void {
  rmSync(path(home), { force: true })
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function onlyPublished(file: StackFile): StackFile {
  const { kafkaBrokers, mongodbUri, schemaRegistryUrl, schemaIdsFile, topicPrefix } = file
  const { databasePrefix, ingressUrl, ledgerUrl, dispatcherUrl, registryUrl, graphUrl } = file
  const {
    simulatorUrl,
    appSecret,
    appId,
    verifyToken,
    personPepper,
    masterKey,
    apiKey,
    pages,
    pids,
  } = file
  return {
    kafkaBrokers,
    mongodbUri,
    schemaRegistryUrl,
    schemaIdsFile,
    topicPrefix,
    databasePrefix,
    ingressUrl,
    ledgerUrl,
    dispatcherUrl,
    registryUrl,
    graphUrl,
    simulatorUrl,
    appSecret,
    appId,
    verifyToken,
    personPepper,
    masterKey,
    apiKey,
    pages,
    pids,
  }
}
