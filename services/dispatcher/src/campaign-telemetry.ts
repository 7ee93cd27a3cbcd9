/** One function per business event of a campaign: a count and a line, with nobody's data. */
import { Counter, type Log, type Metrics } from '@otn/runtime'
import type { CampaignTelemetry } from './campaign-ports.ts'
import { type Campaign, campaignState } from './domain/campaign.ts'

export function createCampaignTelemetry({
  log,
  metrics,
}: {
  readonly log: Log
  readonly metrics: Metrics
}): CampaignTelemetry {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `otn_dispatcher_${name}`, help, labelNames, registers: [metrics] })
  const commands = counter('campaign_commands_total', 'Campaign commands answered.', [
    ...['type', 'reason'],
  ])
  const recorded = counter('campaign_recorded_total', 'Notifications recorded for campaigns.')
  const unreadable = counter('campaign_unreadable_total', 'People whose seal does not open.')
  const completed = counter('campaigns_completed_total', 'Campaigns that have ended.')
  return {
    steered: (type, reason) => {
      commands.inc({ type, reason: reason ?? '' })
      const outcome = reason === null ? 'accepted' : 'refused'
      log.info(
        { event: 'campaign.steered', messageType: type, outcome, reason },
        'campaign steered',
      )
    },
    walked: (campaign, count) => {
      recorded.inc(count)
      const fields = { event: 'campaign.walked', recorded: count, ...named(campaign) }
      log.debug(fields, 'part of the audience recorded')
    },
    unreadable: (campaign, error) => {
      unreadable.inc()
      const fields = { event: 'campaign.unreadable', ...named(campaign), error }
      log.error(fields, 'a person of the audience cannot be reached')
    },
    completed: (campaign) => {
      completed.inc()
      log.info({ event: 'campaign.completed', ...named(campaign) }, 'campaign completed')
    },
    stepFailed: (campaign, error) => {
      const fields = { event: 'campaign.step-failed', ...(campaign ? named(campaign) : {}), error }
      log.warn(fields, 'a campaign could not be carried on now')
    },
  }
}

function named(campaign: Campaign): Readonly<Record<string, unknown>> {
  const { pageId, campaignId } = campaign
  return { pageId, campaignId, state: campaignState(campaign) }
}
