/**
 * Starts and steers campaigns. Each command is answered by one fact, told at once or, where the log
 * is away, by whoever carries the campaign on. Done twice, it changes nothing.
 */
import type { CampaignCommand, ReasonCode } from '@otn/contracts'
import { isAppError } from '@otn/kernel'
import type { SteeringPorts } from '../campaign-ports.ts'
import { campaignKey } from '../domain/campaign.ts'
import { newCampaignDocument, withCampaignFact } from '../domain/campaign-document.ts'
import { campaignDigestText } from '../domain/campaign-fact.ts'
import { campaignFault, isCampaignId } from '../domain/campaign-member.ts'
import { decideCampaign } from '../domain/decide-campaign.ts'
import { unusableId, usableIds } from '../domain/validate-notify.ts'
import type { Read, Unusable } from '../inbox-ports.ts'
import { park, requesterOf } from './record-commands.ts'
import { tellCampaign } from './tell-campaign.ts'

/** Handles what was read of one partition; resolves when all of it is answered or parked. */
export function onCampaignCommand(
  ports: SteeringPorts,
): (reads: readonly Read<CampaignCommand>[]) => Promise<void> {
  return async (reads) => {
    await park(
      ports,
      reads.flatMap((read) => unusableOf(read) ?? []),
    )
    // In their order: a pause and the resume after it may have come in one batch.
    for (const read of reads) {
      if (read.kind === 'known' && unusableOf(read) === null) await carryOut(ports, read.value)
    }
  }
}

/** Why a campaign command can be answered by no fact: it names no campaign. Null = it can. */
export function unusableCampaign(command: CampaignCommand): ReasonCode | null {
  const reason = unusableId(command)
  if (reason !== null) return reason
  return isCampaignId(command.campaignId) ? null : 'campaign-id-invalid'
}

/** The same for a command that its own words do not rule out and that came by another way too. */
export async function carryOut(
  ports: Omit<SteeringPorts, 'parking'>,
  given: CampaignCommand,
): Promise<void> {
  const { campaigns, members, campaignFacts, clock, identity, tell } = ports
  const command = { ...given, requestedBy: requesterOf(given) }
  const { pageId, campaignId, type, requestedBy, text = null, message = null } = command
  const key = campaignKey(pageId, campaignId)
  const isStart = type === 'StartCampaign'
  const digest = isStart ? identity.digest(campaignDigestText(command)) : ''
  const fault = isStart ? await startFault(ports, command) : null
  const counts = isStart ? null : await members.count(key)
  const told: { reason: ReasonCode | null } = { reason: null }
  const changed = await campaigns.change(key, (known) => {
    const document = known ?? newCampaignDocument(pageId, campaignId)
    const draft = decideCampaign(document.campaign, { command, digest, fault })
    if (draft === null) return null
    told.reason = draft.reason ?? null
    const audience = document.walk.passes > 0 ? (counts?.recorded ?? null) : null
    const content = draft.type === 'CampaignStarted' ? { text, message } : null
    const input = { nowMs: clock.nowMs(), requestedBy, counts, audience, content }
    return withCampaignFact(document, campaignFacts.write(document.campaign, draft, input))
  })
  if (changed === null) return
  tell.steered(type, told.reason)
  try {
    await tellCampaign(ports, changed)
  } catch (error) {
    // Decided is decided: what could not be told now is told by whoever carries it on.
    if (!isAppError(error) || !error.retryable) throw error
    tell.stepFailed(changed.campaign, error)
  }
  ports.wakeCampaigns()
}

/** Its own words, and what its page forbids; a page not known well enough refuses nothing. */
export async function startFault(
  { notifying, pages }: Pick<SteeringPorts, 'notifying' | 'pages'>,
  command: CampaignCommand,
): Promise<ReasonCode | null> {
  const fault = campaignFault(command, notifying)
  if (fault !== null) return fault
  const { pageId, topic = null, requestedBy = null } = command
  const { standing } = await pages.view(pageId, { topic, requestedBy })
  if (standing === 'requester-not-allowed') return standing
  if (standing === 'unknown') return 'page-unknown'
  return standing === 'disconnected' ? 'page-disconnected' : null
}

function unusableOf(read: Read<CampaignCommand>): Unusable | null {
  if (read.kind === 'unusable') return read
  const { value, source } = read
  const reason = unusableCampaign(value)
  if (reason === null) return null
  return { kind: 'unusable', source, why: { reason, detail: reason, ...usableIds(value) } }
}
