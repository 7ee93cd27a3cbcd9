/** What the token-ledger is asked, and how what it answers sealed is opened. */
import type { PageId, PersonId, Secret, TokenId } from '@otn/kernel'
import type { LedgerAnswer, ProposedToken, SealedAccount } from './domain/choose-token.ts'
import type { Connection } from './domain/page.ts'

/** What a call is addressed by: opened here for the call and nowhere else. */
export interface TokenSafe {
  /** What a page is called for with. @throws OTN_VAULT_KEY_UNKNOWN, OTN_VAULT_SEAL_BROKEN */
  pageToken(connection: Connection): Secret
  open(token: ProposedToken, owner: Owner): Secret
  /** Who granted it, as the platform names them; null where the consent does not say. */
  psidOf(token: ProposedToken, owner: Owner): Secret | null
  /** The PSID of whom an account named. */
  openAccount(account: SealedAccount, owner: Owner): Secret
}

export interface Owner {
  readonly pageId: PageId
  readonly person: PersonId
}

export interface LedgerQuestion {
  readonly pageId: PageId
  readonly psid: string | null
  readonly tokenId: TokenId | null
  /** Account of the page's site, where neither of the others is given. */
  readonly externalUserId?: string | null
  readonly topic: string | null
}

export interface Ledger {
  /** @throws OTN_LEDGER_UNAVAILABLE */
  ask(question: LedgerQuestion): Promise<LedgerAnswer>
}
