/** What the judges may differ in, each with its reason. */

/** Refusals that nobody tells the app of beforehand, by the row of the answer table. */
export const UNTOLD: Readonly<Record<string, string>> = {
  'person-unavailable': 'whoever blocks a page or deletes the chat tells the platform alone',
  'topic-stopped-by-person': 'whoever stops a page tells the platform alone',
  'token-not-honoured': 'another app spent the token',
}

/** Held back although the simulator takes it: by the rule, or by the reason where none is named. */
export const STRICTER: Readonly<Record<string, string>> = {
  'notify-consent': 'the token is for another topic, withdrawn, or in the last day of its year',
  'notify-content-ambiguous': 'of two contents nobody knows which was meant',
  'notify-message-kind': 'kinds that are not built here',
  'notify-message-shape': 'what the platform ignores, fills in or reads in one of two ways',
  'notify-metadata': 'ours: it settles doubts',
  'notify-personal-data': 'nothing personal goes out where the guard refuses',
  'notify-recipient-ambiguous': 'of two recipients nobody knows who was meant',
  'notify-route-known': 'a route that there is not is no wish to send by psid',
  'notify-route-recipient': 'a token that is named is spent by route TOKEN or AUTO alone',
  'notify-sensitive-words': 'nothing sensitive goes out where the guard refuses',
  'notify-tag-allowed': 'inside the window the platform takes a tag that it did not grant',
  'notify-tag-content': 'inside the window the platform takes any message with any tag',
  'notify-tag-missing': 'route TAG without a tag is no wish to send by psid',
  'notify-tag-reach': 'inside the window a tag has nothing to reach',
  'notify-tag-route': 'a tag that another route would not carry',
  'notify-tag-standing': 'a tag counts for a page in good standing',
  'notify-text': 'a text of nothing visible',
  'notify-topic-missing': 'consent is about something',
  'notify-topic-syntax': 'topics are ours; the platform knows none',
  'notify-window-open': 'a referral opens no window here',
  'request-already-agreed': 'nobody is asked what they said yes to',
  'request-already-asked': 'nobody is asked again who has not answered',
  'request-context-syntax': 'our envelope of the payload has limits of its own',
  'request-person-limit': 'people are spared before the platform spares them',
  'request-personal-data': 'no payload and no title names a person',
  'request-sensitive-words': 'no payload and no title speaks of health, money or legal standing',
  'request-title-characters': 'control characters have no place in a title',
  'request-title-empty': 'a title of nothing visible',
  'request-token-usable': 'the token was withdrawn, or is in the last day of its year',
  'request-topic-missing': 'consent is about something',
  'request-topic-syntax': 'topics are ours; the platform knows none',
  'request-withdrawn': 'who withdrew is left alone until they act again',
  'request-window-open': 'a referral opens no window here',
  'gave-up': 'the caller wants nothing sent any more',
  'not-before': 'the caller wants nothing sent yet',
  'token-withdrawn': 'who withdrew is left alone until they act again',
}
