/** Campaigns: what steers them, what carries them on, and what the door tells of them. */
import { randomUUID } from 'node:crypto'
import { createAudience } from '../adapters/audience-http.ts'
import { brakesIn } from '../adapters/brakes-mongodb.ts'
import { createCampaignFacts } from '../adapters/campaign-facts-kafka.ts'
import { campaignsIn } from '../adapters/campaigns-mongodb.ts'
import { membersIn } from '../adapters/members-mongodb.ts'
import { publishCampaign } from '../adapters/publish-command.ts'
import { startTicker, type Ticker } from '../adapters/ticker.ts'
import { createPsidSafe } from '../adapters/token-safe-vault.ts'
import type { CampaignDoor } from '../campaign-door.ts'
import type { CampaignPorts, SteeringPorts } from '../campaign-ports.ts'
import { createCampaignTelemetry } from '../campaign-telemetry.ts'
import type { DispatcherValues } from '../config.ts'
import { everyTickCampaigns } from '../handlers/every-tick-campaigns.ts'
import { carryOut, onCampaignCommand } from '../handlers/on-campaign-command.ts'
import { planCampaign } from '../handlers/plan-campaign.ts'
import type { InboxPorts } from '../inbox-ports.ts'
import type { DuePorts } from '../ports.ts'
import type { Claims } from './open-claims.ts'
import type { Engines } from './open-engines.ts'
import type { Opening } from './opening.ts'

/** Longer than a step with a slow ledger takes; another dispatcher takes over after it. */
const LEASE_MS = 10_000

export interface CampaignWork {
  readonly onCommand: ReturnType<typeof onCampaignCommand>
  readonly door: CampaignDoor
  close(): Promise<void>
}

export interface CampaignParts extends Opening {
  readonly engines: Engines
  readonly claims: Claims
}

interface Joined {
  readonly due: DuePorts
  readonly inbox: InboxPorts
}

export function openCampaigns(
  values: DispatcherValues,
  parts: CampaignParts,
  { due, inbox }: Joined,
): CampaignWork {
  const { engines, claims, vault, identity, seams } = parts
  const { database } = claims
  const state: { ticker: Ticker | null } = { ticker: null }
  const leasing = { leaseMs: LEASE_MS, worker: randomUUID() }
  const steering: SteeringPorts = {
    ...{ ...due, ...inbox },
    campaigns: seams.campaigns(campaignsIn(database.campaigns, leasing)),
    members: membersIn(database.commands),
    brakes: brakesIn(database.state),
    campaignFacts: createCampaignFacts({ codec: engines.codec, vault, identity }),
    tell: { ...inbox.tell, ...createCampaignTelemetry(parts) },
    wakeCampaigns: () => state.ticker?.wakeIn(0),
  }
  const ports: CampaignPorts = {
    ...{ ...due, ...inbox, ...steering },
    audience: createAudience({
      ...{ url: values.ledgerUrl, apiKey: values.ledgerApiKey },
      ...{ timeoutMs: values.ledgerTimeoutMs, topicPrefix: values.topicPrefix ?? '' },
      readEnds: (topic) => engines.bus.positions.endOffsets(topic),
    }),
    psids: createPsidSafe(vault, identity),
    window: values.campaignWindow,
  }
  state.ticker = startTicker(everyTickCampaigns(ports), { everyMs: values.tickMs })
  const ceilings = { text: values.textPerSecond, media: values.mediaPerSecond }
  const appender = engines.bus.appender({ name: 'campaigns' })
  const deadlineMs = values.appendTimeoutMs
  return {
    onCommand: onCampaignCommand(steering),
    door: {
      campaigns: ports.campaigns,
      members: ports.members,
      plan: planCampaign({ ...ports, ceilings }),
      publish: publishCampaign({ appender, codec: engines.codec, deadlineMs }),
      carryOut: (command) => carryOut(steering, command),
    },
    close: async () => state.ticker?.close(),
  }
}
