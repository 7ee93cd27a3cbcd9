import type { CampaignKey, Halt } from './domain/campaign.ts'

/** What keeps the notifications of a campaign back, where each is asked before it calls. */
export interface Brakes {
  look(key: CampaignKey): Promise<Halt | null>
  /** Of two the one with the higher sequence holds. */
  set(
    key: CampaignKey,
    brake: { readonly halt: Halt | null; readonly sequence: number },
  ): Promise<void>
}
