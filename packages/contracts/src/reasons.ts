/**
 * The closed list of reason codes. A code on the log is for ever: add, never rename or reuse.
 * `who` must act: caller (the service that asked), operator (us), page (its owner), person, nobody.
 */
export interface Reason {
  readonly meaning: string
  readonly who: 'caller' | 'operator' | 'page' | 'person' | 'nobody'
  readonly next: string
}

const reason = (meaning: string, who: Reason['who'], next: string): Reason => ({
  meaning,
  who,
  next,
})
const FIX = 'Correct the command and publish it under a new commandId.'
const WAIT = 'Nothing to do: the command goes on by itself.'

export const reasons = {
  // A command that cannot be what it claims to be.
  cancelled: reason(
    'It was cancelled before anything went out',
    'nobody',
    'Nothing to do: publish a new command if it is wanted after all.',
  ),
  'command-id-invalid': reason(
    'commandId is empty, longer than 128 characters or holds control characters',
    'caller',
    FIX,
  ),
  'command-id-reused': reason('This commandId already stands for another command', 'caller', FIX),
  'content-ambiguous': reason('Both text and message are given', 'caller', FIX),
  'content-missing': reason('Neither text nor message is given', 'caller', FIX),
  'message-invalid': reason('message is not what the Send API takes', 'caller', FIX),
  'message-kind-disabled': reason(
    'This kind of message is switched off here',
    'operator',
    'Send another kind, or take it out of DISPATCHER_KINDS_OFF.',
  ),
  'message-kind-unknown': reason('message is of no kind that goes out here', 'caller', FIX),
  'message-limit': reason('A part of message is longer than the Send API takes', 'caller', FIX),
  'metadata-reserved': reason('message.metadata is ours: it settles doubts', 'caller', FIX),
  'page-id-invalid': reason('pageId is not a page id', 'caller', FIX),
  'recipient-ambiguous': reason('More than one of psid, tokenId, externalUserId', 'caller', FIX),
  'recipient-missing': reason('None of psid, tokenId, externalUserId is given', 'caller', FIX),
  'recipient-invalid': reason('The recipient is not an id of its kind', 'caller', FIX),
  'recipient-contradicts-route': reason(
    'The routes WINDOW and TAG name the person by psid',
    'caller',
    FIX,
  ),
  'route-unknown': reason('route is none of TOKEN, WINDOW, TAG, AUTO', 'caller', FIX),
  'tag-contradicts-route': reason('A tag is for route TAG only', 'caller', FIX),
  'tag-missing': reason('Route TAG needs a tag', 'caller', FIX),
  'tag-unknown': reason('tag is none of the message tags there are', 'caller', FIX),
  'tag-content-mismatch': reason('The tag is for another kind of message', 'caller', FIX),
  'tag-not-allowed': reason(
    'The page may not use this tag',
    'operator',
    'Have it granted to the page, then name it in DISPATCHER_TAGS.',
  ),
  'tag-retired': reason(
    'The platform takes this tag no more',
    'caller',
    'Use a token, or a tag that still stands.',
  ),
  'text-empty': reason('text holds no visible character', 'caller', FIX),
  'text-too-long': reason('text has 2000 characters or more and is never split', 'caller', FIX),
  'time-zone-unknown': reason('timeZone is no zone of the IANA database', 'caller', FIX),
  'topic-invalid': reason('topic is not 1 to 64 characters of [a-z0-9._-]', 'caller', FIX),
  'topic-missing': reason('topic is required: consent is about something', 'caller', FIX),
  // An opt-in request that cannot be put.
  'context-invalid': reason(
    'context is not at most 128 characters of [A-Za-z0-9._~-]',
    'caller',
    FIX,
  ),
  'title-empty': reason('title is missing or holds no visible character', 'caller', FIX),
  'title-invalid': reason(
    'title holds a control character or half of a surrogate pair',
    'caller',
    FIX,
  ),
  'title-too-long': reason('title has more than 65 UTF-16 code units', 'caller', FIX),
  'personal-data': reason(
    'What goes out looks like personal data or a secret',
    'caller',
    'Use an opaque id of your own, under a new commandId.',
  ),
  'sensitive-words': reason(
    'What goes out speaks of health, money or legal standing',
    'caller',
    'Word it without, under a new commandId.',
  ),
  'token-live': reason(
    'The person holds a live token for this topic',
    'nobody',
    'Notify: the person has agreed.',
  ),
  'person-withdrew': reason(
    'The person withdrew from the topic or the page, and has not acted since',
    'person',
    'Ask when the person has written again.',
  ),
  'request-open': reason(
    'The person was asked about this topic and has not answered',
    'person',
    'Wait for the answer; ask again when the question has lapsed.',
  ),
  'request-title-repeated': reason(
    'The person was asked in the very same words, whatever the topic',
    'caller',
    'Ask in other words, or later; see DISPATCHER_ASK_OPEN_MS.',
  ),
  'person-limit': reason(
    'The person was asked as often as is allowed',
    'caller',
    'Ask this person later.',
  ),
  'page-limit': reason(
    'The page asked as often as is allowed',
    'operator',
    'Ask later, or raise DISPATCHER_ASK_PAGE_MAX.',
  ),
  'chain-consent': reason(
    'A token was to pay for another question',
    'caller',
    'Ask by psid within the 24-hour window; it is free.',
  ),
  // A campaign.
  'campaign-id-invalid': reason(
    'campaignId is not 1 to 100 visible characters',
    'caller',
    'Choose another campaignId.',
  ),
  'campaign-id-reused': reason(
    'This campaignId already stands for another campaign',
    'caller',
    'Start it under a new campaignId.',
  ),
  'campaign-over': reason(
    'The campaign was stopped or has ended',
    'caller',
    'Start another one under a new campaignId.',
  ),
  'campaign-paused': reason(
    'Its campaign is paused',
    'operator',
    'Resume the campaign, or stop it.',
  ),
  'campaign-steered-too-often': reason(
    'The campaign was steered as often as is kept in mind: it can only be stopped',
    'caller',
    'Stop it and start another one.',
  ),
  'campaign-stopped': reason(
    'Its campaign was stopped before anything went out',
    'nobody',
    'Nothing to do: start another campaign if it is wanted after all.',
  ),
  'campaign-unknown': reason(
    'No campaign of this page has this campaignId',
    'caller',
    'Start it first, or correct the campaignId.',
  ),
  // What consent allows.
  'no-live-token': reason(
    'The person holds no live token for this topic',
    'person',
    'Ask for consent.',
  ),
  'token-unknown': reason('No token of this page has this id', 'caller', FIX),
  'token-held': reason('The token is held by another command', 'nobody', 'See that command.'),
  'token-spent': reason('The token was spent', 'person', 'Ask for consent again.'),
  'token-expired': reason('The token is older than its year', 'person', 'Ask for consent again.'),
  'token-rejected': reason('The platform refuses the token', 'person', 'Ask for consent again.'),
  'token-withdrawn': reason('The person withdrew the consent', 'person', 'Do not send.'),
  'topic-mismatch': reason('The token was given for another topic', 'caller', FIX),
  'topic-unmapped': reason('No rule names a topic for the token', 'operator', 'Add a topic rule.'),
  'requester-not-allowed': reason(
    'The page lets others notify on this topic, not who asked',
    'caller',
    'Have the page name you in the topic (mayNotify), or leave it to those it names.',
  ),
  'window-closed': reason('The 24-hour window is closed', 'person', 'Use a token.'),
  'tag-window-closed': reason(
    'The tag does not reach the person any more: too long ago they last acted',
    'person',
    'Use a token.',
  ),
  'external-user-unknown': reason('No account link knows this user', 'caller', 'Link the account.'),
  'route-disabled': reason('This route is switched off here', 'operator', 'Use another route.'),
  // What the page may do.
  'page-unknown': reason('The page is not connected here', 'operator', 'Import the page.'),
  'page-disconnected': reason('The page was disconnected', 'page', 'Connect it again.'),
  'page-paused': reason('The page is paused', 'operator', 'Resume it: pnpm otn pages resume PAGE'),
  'page-blocked': reason('The platform blocks the page', 'page', 'See the page support inbox.'),
  'page-auth-lost': reason('The page access token is not accepted', 'page', 'Connect it again.'),
  'page-capability-missing': reason('The page lacks a permission', 'page', 'Apply for it.'),
  // Waiting.
  'gave-up': reason('giveUpAt passed before the message could go out', 'caller', 'Decide anew.'),
  'not-before': reason('Waits for notBefore', 'nobody', WAIT),
  'quiet-hours': reason('Quiet hours of page or person: waits for their end', 'nobody', WAIT),
  'quiet-past-give-up': reason(
    'Quiet hours of the page last beyond giveUpAt',
    'caller',
    'Decide anew, with a later giveUpAt.',
  ),
  'ledger-behind': reason('The ledger has not read far enough to say no', 'nobody', WAIT),
  'ledger-unavailable': reason('The ledger does not answer', 'operator', WAIT),
  'withdrawals-behind': reason(
    'The withdrawals on the log are not read to their end; nothing is sent before',
    'nobody',
    WAIT,
  ),
  'pages-behind': reason('The page events are not read far enough to say no', 'nobody', WAIT),
  'log-unavailable': reason(
    'The attempt could not be recorded in time; not called',
    'nobody',
    WAIT,
  ),
  'not-reached': reason('The platform was not reached; nothing was sent', 'nobody', WAIT),
  paced: reason('More calls of the page were due than its pace allows', 'nobody', WAIT),
  'no-answers': reason(
    'Several calls in a row went unanswered; one goes first when the pause is over',
    'nobody',
    WAIT,
  ),
  'day-budget': reason(
    'The page made as many calls in 24 hours as its people allow',
    'nobody',
    'See DISPATCHER_ENGAGED_USERS.',
  ),
  'rate-limited': reason('The platform asks for fewer calls', 'nobody', WAIT),
  'token-taken': reason('Every candidate was taken meanwhile; looked at again', 'nobody', WAIT),
  // What the platform answered.
  'graph-refused': reason('The platform refused the request', 'operator', 'See code and trace id.'),
  'graph-unlisted': reason(
    'The platform answered a code the table does not list',
    'operator',
    'Find out whether it went out, then settle it by hand.',
  ),
  'recipient-unavailable': reason('The person cannot be reached now', 'person', 'Try much later.'),
  'thread-owned-elsewhere': reason(
    'Another app owns the thread',
    'operator',
    'Let it hand the thread over: the command goes on when it does, unless it is set to refuse.',
  ),
  'thread-control-requested': reason(
    'Another app owns the thread, and was asked for it',
    'operator',
    'Let it hand the thread over: the command goes on when it does.',
  ),
  'outcome-unknown': reason('The answer was lost; the message may be out', 'nobody', WAIT),
  'operator-settled': reason(
    'A person settled the doubt: nothing went out',
    'caller',
    'Decide anew; the token is free.',
  ),
  'doubt-stands': reason('No evidence came within the limits', 'operator', 'Settle it by hand.'),
  // Messages no retry can help (parked).
  malformed: reason('The bytes are not the record they should be', 'operator', 'Fix the writer.'),
  'unknown-field': reason(
    'A command carries a field unknown to us',
    'operator',
    'Update, re-drive.',
  ),
  'unknown-schema': reason(
    'The registry does not know the schema id',
    'operator',
    'Fix the writer.',
  ),
  'crashed-repeatedly': reason(
    'Handling it ended the process again and again',
    'operator',
    'Look.',
  ),
  // Items of a verified webhook that cannot be used (quarantined).
  'body-not-json': reason('The body is not JSON', 'operator', 'Look at it, then drop it.'),
  'body-too-deep': reason('The body is nested more than 32 levels deep', 'operator', 'Look.'),
  'body-malformed': reason('The body is no webhook envelope', 'operator', 'Look.'),
  'entry-malformed': reason('An entry is no webhook entry', 'operator', 'Look.'),
  'item-malformed': reason('An item lacks a field or has one of a wrong type', 'operator', 'Look.'),
  'optin-kind-unknown': reason('An opt-in of a kind we do not know', 'operator', 'Look.'),
  'page-mismatch': reason('The item names another page than its entry', 'operator', 'Look.'),
  'record-too-large': reason(
    'A record of the item is above the limit of its Kafka topic',
    'operator',
    'Look.',
  ),
} as const satisfies Record<string, Reason>

export type ReasonCode = keyof typeof reasons

export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(reasons, text)
}
