import type { Notify } from '@otn/contracts'
import type { CampaignPorts } from '../campaign-ports.ts'
import type { CampaignKey } from '../domain/campaign.ts'
import { validateNotify } from '../domain/validate-notify.ts'
import type { Recorded } from '../inbox-ports.ts'
import { recordCommands } from './record-commands.ts'

/**
 * C0 for notifications of a campaign. They are handed to no lane: whoever looks for what is due
 * takes them behind the other commands of their page.
 */
export function recordMembers(
  ports: CampaignPorts,
): (key: CampaignKey, notifies: readonly Notify[]) => Promise<readonly Recorded[]> {
  const { notifying } = ports
  return (key, notifies) => {
    const campaignId = key.slice(key.indexOf(':') + 1)
    const record = recordCommands<Notify>(ports, {
      heading: () => ({ route: 'TOKEN', asks: null, campaignId }),
      content: (notify) => notify,
      fault: (notify) => validateNotify(notify, notifying),
      isOffered: false,
    })
    return record(notifies)
  }
}
