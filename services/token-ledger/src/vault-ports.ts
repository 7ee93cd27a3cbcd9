/** The few things that the ledger opens out of seals; everything else it keeps as it came. */
import type { AccountLinked } from '@otn/contracts'
import type { AccountId, EventId, PageId, PersonId, TokenId } from '@otn/kernel'

interface SealedFact {
  readonly eventId: EventId
  readonly person: PersonId
  readonly keyId: string
  readonly sealed: Buffer
}

interface SealedConsent extends SealedFact {
  readonly pageId: PageId
}

interface ConsentContent {
  readonly payload: string | null
}

/** As they came; null = not given. */
export interface EngagementContent {
  readonly ref: string | null
  readonly userRef: string | null
  readonly externalUserId: string | null
}

/** Opens what a key with the scope `personal` may see. */
export interface PersonalVault {
  /**
   * @throws OTN_VAULT_KEY_UNKNOWN; OTN_VAULT_SEAL_BROKEN, also where it is the consent of another
   *   token
   */
  openConsent(consent: SealedConsent, of: TokenId): ConsentContent
  /** @throws OTN_VAULT_KEY_UNKNOWN, OTN_VAULT_SEAL_BROKEN */
  openEngagement(engagement: SealedFact): EngagementContent
}

/** The account that a link is about; null where its seal does not open. */
export type AccountOf = (event: AccountLinked) => AccountId | null
