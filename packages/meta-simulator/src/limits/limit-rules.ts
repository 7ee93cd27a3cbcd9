/** How many calls the platform takes. Off unless an option or a control call turns it on. */
export interface LimitRules {
  /** Text, links, reactions: calls per page and second. */
  readonly textCallsPerSecond: number
  /** Audio and video: calls per page and second. */
  readonly mediaCallsPerSecond: number
  /** People that a page can message: 200 calls of the Send API for each in 24 h. */
  readonly engagedUsers: number
  /** People who use the app in a day: 200 calls for each in an hour, with user and app tokens. */
  readonly dailyUsers: number
  readonly userCallsPerHour: number
  /** Undisclosed at Meta; null = no limit. */
  readonly threadCallsPerMinute: number | null
  /** From which use on answers carry usage headers. */
  readonly headersFromPercent: number
  /** Whose time passes. The simulator's can jump over a day; the machine's fits load tests. */
  readonly time: 'simulator' | 'machine'
}

export const defaultLimitRules: LimitRules = {
  textCallsPerSecond: 300,
  mediaCallsPerSecond: 10,
  engagedUsers: 100_000,
  dailyUsers: 10_000,
  userCallsPerHour: 2_000,
  threadCallsPerMinute: null,
  headersFromPercent: 1,
  time: 'simulator',
}
