/** Why a caller is turned away before its message is looked at. */
import { bad, type Fault } from './fault.ts'

const SESSION = 'Error validating access token:'
const GRAPH_METHOD = { subcode: 33, type: 'GraphMethodException' } as const

export const accessFaults = {
  'access-token-missing': bad(2500, 'An active access token must be used to query information'),
  'access-token-invalid': bad(190, 'Invalid OAuth access token.'),
  'access-token-malformed': bad(190, 'Malformed access token'),
  'access-token-revoked': bad(190, `${SESSION} The user has not authorized the application.`),
  'app-not-installed': bad(190, `${SESSION} The user has not installed the application.`, {
    subcode: 458,
  }),
  checkpoint: bad(190, `${SESSION} The user is in a checkpoint.`, { subcode: 459 }),
  'password-changed': bad(190, `${SESSION} The session is invalid: the password was changed.`, {
    subcode: 460,
  }),
  'access-token-expired': bad(190, `${SESSION} Session has expired.`, { subcode: 463 }),
  'user-unconfirmed': bad(190, `${SESSION} Sessions for the user are not allowed.`, {
    subcode: 464,
  }),
  'session-invalid': bad(190, `${SESSION} The session is invalid.`, { subcode: 467 }),
  'security-check': bad(190, `${SESSION} A security check is required.`, { subcode: 490 }),
  'page-role-lost': bad(190, `${SESSION} The user has no role on the page.`, { subcode: 492 }),
  'token-permissions-missing': bad(190, `${SESSION} Permissions are missing.`, {
    subcode: 2069032,
  }),
  'session-lost': bad(102, 'Session key invalid or no longer valid'),
  'proof-missing': bad(100, 'API calls from the server require an appsecret_proof argument'),
  'proof-wrong': bad(100, 'Invalid appsecret_proof provided in the API argument'),
  'permission-missing': bad(10, '(#10) Application does not have permission for this action'),
  'permission-not-reviewed': bad(200, '(#200) Permission {detail} has not been reviewed', {
    subcode: 2018028,
  }),
  /** Guess: the reference knows no code for it. */
  'page-token-required': bad(210, '(#210) A page access token is required.'),
  /** Guess: which answer a bad client secret gets is documented nowhere. */
  'client-secret-wrong': bad(1, 'Error validating client secret.'),
  /** Guess: the family is known, the member is not. */
  'callback-not-verified': bad(2200, '(#2200) Callback verification failed: {detail}'),
  /** Guess, only where the switch refuses old versions. */
  'version-expired': bad(2635, '(#2635) You are calling a deprecated version of the API.'),
  'path-unknown': bad(2500, 'Unknown path components: {detail}'),
  'request-unreadable': bad(100, '(#100) The request cannot be read'),
  'method-unsupported': bad(100, 'Unsupported {detail} request.', GRAPH_METHOD),
  'object-missing': bad(
    100,
    "Unsupported request. Object with ID '{detail}' does not exist, cannot be loaded due to " +
      'missing permissions, or does not support this operation',
    GRAPH_METHOD,
  ),
  'field-unknown': bad(100, '(#100) Tried accessing nonexisting field ({detail})'),
} as const satisfies Readonly<Record<string, Fault>>
