/**
 * What Meta does not document, as switches. The defaults follow the reference's best guess; tests
 * turn each one, because a caller that depends on a guess is broken.
 */
import type { AnswerVariants } from './faults.ts'
import type { SpentTokenForm } from './faults-of-tokens.ts'

export interface Switches {
  /** Whether the tap on *Notify Me* opens the 24 h window. Default no. */
  readonly tapOpensWindow: boolean
  /** Whether an accepted token send names the person (`recipient_id`). Default yes. */
  readonly recipientIdOnTokenSend: boolean
  /** Whether `message_echoes` webhooks are sent at all. Default yes. */
  readonly echo: boolean
  /** Whether a message sent with a token is echoed too. Default yes. */
  readonly echoOnTokenSend: boolean
  /** Whether every call must carry `appsecret_proof`; a wrong one is refused always. Default no. */
  readonly appSecretProofRequired: boolean
  /** Whether a title is refused to a person who saw it within a week. Default yes. */
  readonly sameTitleRefused: boolean
  /** What the limits of texts and titles count. Default UTF-16 units, the stricter. */
  readonly countIn: 'utf16-units' | 'code-points'
  /** What a year of a token's life is. Default 365 days. */
  readonly tokenLife: '365-days' | 'calendar-year'
  /** The answer to a spent token. Default the words for an invalid token. */
  readonly spentTokenAnswer: SpentTokenForm
  /** Requests that one person may get from one page in a day. Default 50. */
  readonly requestsPerPersonADay: number
  /** How long the `payload` of a request may be. Default as of postbacks, 1000. */
  readonly requestPayloadMax: number
  /** What a call to a version gets whose time is over. Default the next one answers. */
  readonly expiredVersions: 'forwarded' | 'refused'
  /** Whether answers name the version that gave them (`facebook-api-version`). Default yes. */
  readonly versionHeader: boolean
  /** The content type of answers; both are seen. Default `application/json`. */
  readonly answerType: 'application/json' | 'text/javascript'
  /** Whether following a page without naming fields follows all of them. Default yes. */
  readonly followWithoutFields: boolean
  /** Whether the app is in development, so that nobody without a role is reached. Default no. */
  readonly developmentMode: boolean
  /** What a tap on a request that was tapped before does. Default nothing: it is refused. */
  readonly secondTap: 'nothing' | 'new-token' | 'same-token'
  /** Other answers for single situations. Default none. */
  readonly answers: AnswerVariants
}

export const defaultSwitches: Switches = {
  tapOpensWindow: false,
  recipientIdOnTokenSend: true,
  echo: true,
  echoOnTokenSend: true,
  appSecretProofRequired: false,
  sameTitleRefused: true,
  countIn: 'utf16-units',
  tokenLife: '365-days',
  spentTokenAnswer: 'token-invalid',
  requestsPerPersonADay: 50,
  requestPayloadMax: 1000,
  expiredVersions: 'forwarded',
  versionHeader: true,
  answerType: 'application/json',
  followWithoutFields: true,
  developmentMode: false,
  secondTap: 'nothing',
  answers: {},
}
