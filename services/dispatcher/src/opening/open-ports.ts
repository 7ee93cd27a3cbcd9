/** Joins the handlers' ports with their adapters. */
import { createGraphClient, type GraphClient } from '@otn/graph-api'
import { type Clock, type Identity, Secret } from '@otn/kernel'
import type { RequestSettings } from '@otn/policy'
import { appSecrets, pepperKey } from '@otn/runtime'
import type { Vault } from '@otn/vault'
import { commandsIn } from '../adapters/commands-mongodb.ts'
import { createContents } from '../adapters/contents-vault.ts'
import type { Database } from '../adapters/database.ts'
import { createFacts } from '../adapters/facts-kafka.ts'
import { createLedger } from '../adapters/ledger-http.ts'
import { createLogEnds } from '../adapters/log-ends-kafka.ts'
import { createEchoReader, metadataMac } from '../adapters/metadata-mac.ts'
import { createSender } from '../adapters/sender-graph.ts'
import { createThreads } from '../adapters/threads-graph.ts'
import { createTokenSafe } from '../adapters/token-safe-vault.ts'
import { type DispatcherValues, parseCodePairs } from '../config.ts'
import type { DoubtLimits } from '../domain/decide.ts'
import { tellFacts } from '../handlers/run-lane.ts'
import type { Ledger } from '../ledger-ports.ts'
import type {
  Commands,
  Contents,
  EchoReader,
  Facts,
  Gate,
  LogEnds,
  Sender,
  Threads,
} from '../ports.ts'
import { threadSettingsOf } from '../thread-settings.ts'
import type { Engines } from './open-engines.ts'
import type { Seams } from './with-fault-points.ts'

export interface PortParts {
  readonly engines: Engines
  readonly vault: Vault
  readonly identity: Identity
  readonly clock: Clock
  readonly seams: Seams
}

const machineMs = () => performance.now()

/** What needs no claims yet. */
export interface OuterPorts {
  readonly facts: Facts
  readonly contents: Contents
  readonly ledger: Ledger
  readonly ends: LogEnds
  readonly sender: Sender
  readonly threads: Threads
  readonly echoes: EchoReader
  readonly client: GraphClient
}

export function openOuterPorts(values: DispatcherValues, parts: PortParts): OuterPorts {
  const { engines, vault, identity, seams } = parts
  const { bus, codec } = engines
  const mac = metadataMac(pepperKey(values.personPepper))
  const graph = createGraphClient({
    baseUrl: values.graphBaseUrl,
    connections: values.connectionsMax,
    timeouts: timeoutsOf(values),
  })
  const client = seams.graph(graph)
  const [version, appSecret] = [values.graphVersion, newestOf(values.appSecret)]
  const settings = threadSettingsOf(values)
  const appender = bus.appender({ name: 'facts' })
  const partitionOf = bus.partitionOf
  const { ledgerUrl: url, ledgerApiKey: apiKey, ledgerTimeoutMs: timeoutMs } = values
  const topicPrefix = values.topicPrefix ?? ''
  const deadlineMs = values.appendTimeoutMs
  return {
    facts: seams.facts(createFacts({ appender, codec, vault, identity, deadlineMs, machineMs })),
    contents: createContents(vault),
    ledger: seams.ledger(createLedger({ url, apiKey, timeoutMs, topicPrefix, partitionOf })),
    ends: createLogEnds(bus.positions, partitionOf),
    sender: createSender({
      ...{ client, mac, version, appSecret },
      tokenUsedCodes: parseCodePairs(values.tokenUsedCodes) ?? [],
      threadOwned: settings.policy,
    }),
    threads: createThreads({ client: graph, vault, version, appSecret, settings }),
    echoes: createEchoReader({ appId: values.appId, mac }),
    client,
  }
}

interface ClaimParts extends Pick<OuterPorts, 'facts'> {
  readonly seam: (commands: Commands) => Commands
  /** Null while nobody knows which store this is. */
  readonly gate: Gate | null
}

/** The documents of a database, with what tells their facts. */
export function claimPorts(database: Database, { facts, seam, gate }: ClaimParts) {
  const commands = seam(commandsIn(database.commands))
  return { commands, tellFacts: tellFacts({ commands, facts, gate, machineMs }) }
}

export function tokenSafe({ vault, identity }: PortParts) {
  return createTokenSafe(vault, identity)
}

export function doubtLimits(values: DispatcherValues): DoubtLimits {
  const { unknownPolicy: policy, probesMax, doubtMsMax } = values
  return { policy, probesMax, doubtMsMax }
}

export function requestSettings(values: DispatcherValues): RequestSettings {
  const { personalData, sensitiveWords, chainConsent } = values
  const { askPersonMax: personMax, askPageMax: pageMax } = values
  const { askPeriodMs: periodMs, askOpenMs: openMs } = values
  return { personalData, sensitiveWords, chainConsent, personMax, pageMax, periodMs, openMs }
}

function timeoutsOf({ startTimeoutMs, callTimeoutMs }: DispatcherValues) {
  return {
    startMs: startTimeoutMs,
    connectMs: startTimeoutMs,
    headersMs: callTimeoutMs,
    bodyMs: callTimeoutMs,
    totalMs: callTimeoutMs,
  }
}

function newestOf(secrets: Secret): Secret {
  return new Secret(appSecrets(secrets.reveal())[0] ?? '')
}
