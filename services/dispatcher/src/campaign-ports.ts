/** What campaigns need from outside. */
import type { CampaignCommand, ReasonCode } from '@otn/contracts'
import type { Clock, Identity, PageId, PageScopedUserId, PersonId, TokenId } from '@otn/kernel'
import type { Brakes } from './brakes-port.ts'
import type { Campaign, CampaignKey, Counts } from './domain/campaign.ts'
import type { CampaignDocument, WrittenCampaignFact } from './domain/campaign-document.ts'
import type { CampaignContent, CampaignDraft } from './domain/campaign-fact.ts'
import type { ProposedToken } from './domain/choose-token.ts'
import type { SealedContent, StoredCommand } from './domain/document.ts'
import type { MembersLook } from './domain/next-campaign-step.ts'
import type { InboxPorts } from './inbox-ports.ts'
import type { DuePorts } from './ports.ts'

/** Asked again with the newer document when another change came first; null = change nothing. */
export type DecideCampaign = (known: CampaignDocument | null) => CampaignDocument | null

export interface CampaignsQuery {
  readonly page: PageId
  /** Campaigns behind this one, by id. */
  readonly after: string | null
  readonly limit: number
}

/** The documents of campaigns: each change is one guarded update, on a majority. */
export interface Campaigns {
  read(key: CampaignKey): Promise<CampaignDocument | null>
  /** @returns the changed document; null where nothing was changed */
  change(key: CampaignKey, decide: DecideCampaign): Promise<CampaignDocument | null>
  list(query: CampaignsQuery): Promise<readonly CampaignDocument[]>
  /** Takes the lease of campaigns that something is owed about; each is given to one asker only. */
  takeDue(limit: number): Promise<readonly CampaignDocument[]>
  /** Gives the lease back; nobody takes it before, by the store's clock. */
  leave(key: CampaignKey, forMs: number): Promise<void>
}

/** The notifications of campaigns, as their documents tell of them. */
export interface Members {
  look(key: CampaignKey): Promise<MembersLook>
  count(key: CampaignKey): Promise<Counts>
  /** Ids of those that were not called, or are to be called again. */
  open(key: CampaignKey, limit: number): Promise<readonly string[]>
  /** Those whose content was lost with an emptied store, and something is owed about. */
  bare(key: CampaignKey, limit: number): Promise<readonly StoredCommand[]>
  /** Makes those due that wait for their campaign to go on. */
  wake(key: CampaignKey): Promise<void>
}

export interface AudienceQuery {
  readonly pageId: PageId
  readonly topic: string
  /** `next` of the page before. */
  readonly after: string | null
  readonly limit: number
}

export interface Holder {
  readonly person: PersonId
  readonly tokenId: TokenId
  readonly grantedAt: number
}

/** What a campaign on a topic would reach and spend now. */
export interface AudienceSize {
  readonly persons: number
  /** Live tokens of theirs: one of each person is spent. */
  readonly tokens: number
  /** Persons all of whose live tokens expire before the instant asked about. */
  readonly expiring: number
}

/** Who holds a live token for a topic, as the ledger knows. Errors: OTN_LEDGER_UNAVAILABLE. */
export interface Audience {
  /** Oldest grant first. */
  page(query: AudienceQuery): Promise<{
    readonly items: readonly Holder[]
    /** Null = there are no more. */
    readonly next: string | null
  }>
  /** Whether the ledger has read everything that was on the log when `need` was first asked. */
  hasRead(needs: readonly (readonly bigint[])[]): Promise<boolean>
  /** The ends of what grants and names tokens, as they are now. */
  needs(): Promise<readonly (readonly bigint[])[]>
  size(query: {
    readonly pageId: PageId
    readonly topic: string
    readonly expiresBefore: number
  }): Promise<AudienceSize>
}

/** Whom a token belongs to: opened for the one command that is recorded, and sealed again. */
export interface PsidSafe {
  /** @throws OTN_VAULT_SEAL_BROKEN, OTN_VAULT_KEY_UNKNOWN */
  psidOf(
    token: ProposedToken,
    owner: { readonly pageId: PageId; readonly person: PersonId },
  ): PageScopedUserId
}

export interface CampaignFactInput {
  readonly nowMs: number
  readonly requestedBy: string | null
  readonly counts: Counts | null
  readonly audience: number | null
  /** Sealed into the start. */
  readonly content: CampaignContent | null
}

export interface CampaignFacts {
  write(campaign: Campaign, draft: CampaignDraft, input: CampaignFactInput): WrittenCampaignFact
  /** @throws OTN_VAULT_KEY_UNKNOWN; OTN_VAULT_SEAL_BROKEN, also where another campaign has it */
  open(content: SealedContent, of: Pick<Campaign, 'pageId' | 'campaignId'>): CampaignContent
}

export interface CampaignTelemetry {
  /** A command was answered; with the reason where it was refused. */
  steered(type: CampaignCommand['type'], reason: ReasonCode | null): void
  walked(campaign: Campaign, recorded: number): void
  /** A person could not be reached for what seals their token does not open. */
  unreadable(campaign: Campaign, error: unknown): void
  completed(campaign: Campaign): void
  /** A step could not be taken now. */
  stepFailed(campaign: Campaign | null, error: unknown): void
}

/** What it takes to answer a campaign command. */
export interface SteeringPorts
  extends Pick<InboxPorts, 'facts' | 'parking' | 'clock' | 'notifying'>,
    Pick<DuePorts, 'pages'> {
  readonly campaigns: Campaigns
  readonly members: Members
  readonly brakes: Brakes
  readonly campaignFacts: CampaignFacts
  readonly identity: Identity
  readonly tell: InboxPorts['tell'] & CampaignTelemetry
  /** Looks for what is owed about campaigns now. */
  readonly wakeCampaigns: () => void
}

/** What it takes to carry a campaign on. */
export interface CampaignPorts
  extends Omit<SteeringPorts, 'parking'>,
    Pick<InboxPorts, 'inbox' | 'contents' | 'lanes' | 'commands' | 'tellFacts' | 'asking'>,
    Pick<DuePorts, 'ledger'> {
  readonly audience: Audience
  readonly psids: PsidSafe
  readonly clock: Clock
  /** Notifications of one campaign that may be open at a time. */
  readonly window: number
}
