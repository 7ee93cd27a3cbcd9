/** What a look at one thing came to. */
export interface Finding {
  /** `warn`: it works, and somebody may look; `fix`: something does not work, or soon will not. */
  readonly verdict: 'ok' | 'warn' | 'fix'
  /** One sentence for people; no secret, no personal data. */
  readonly sentence: string
  /** The command that mends it, or plain words; null where there is nothing to mend. */
  readonly fix: string | null
}

/** A finding with the check that it is of. */
export interface DoctorLine extends Finding {
  readonly check: string
}

export function ok(sentence: string): Finding {
  return { verdict: 'ok', sentence, fix: null }
}

export function warn(sentence: string, fix: string | null = null): Finding {
  return { verdict: 'warn', sentence, fix }
}

export function toFix(sentence: string, fix: string): Finding {
  return { verdict: 'fix', sentence, fix }
}

/** `3 Kafka topics`, `1 Kafka topic`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
