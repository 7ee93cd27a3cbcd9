/** Faults that people ask for by a name instead of describing them. */
import { isSituation } from './faults.ts'
import type { Knob } from './knobs.ts'
import { ownMember } from './own-member.ts'

type Preset = Partial<Knob> & Pick<Knob, 'deliver' | 'answer'>

/** Longer than any caller waits. */
const FOR_EVER_MS = 600_000
/** Longer than callers of the Send API usually wait. */
const TIME_OUT_MS = 30_000
const GENUINE = { kind: 'genuine' } as const
const CUT = { kind: 'cut-connection' } as const

const PRESETS: Readonly<Record<string, Preset>> = {
  'delivered-then-cut': { deliver: true, answer: CUT },
  'delivered-then-5xx': { deliver: true, answer: { kind: 'empty', status: 500 } },
  'delivered-after-time-out': { deliver: true, answer: GENUINE, waitBeforeMs: TIME_OUT_MS },
  'delivered-answer-lost': { deliver: true, answer: { kind: 'error', name: 'answer-lost' } },
  'delivered-no-answer-at-all': { deliver: true, answer: CUT, waitAfterMs: FOR_EVER_MS },
  'no-answer-at-all': { deliver: false, answer: CUT, waitAfterMs: FOR_EVER_MS },
  cut: { deliver: false, answer: CUT },
  '5xx': { deliver: false, answer: { kind: 'empty', status: 500 } },
  slow: { deliver: true, answer: GENUINE, waitBeforeMs: 2_000 },
  throttled: {
    deliver: false,
    answer: { kind: 'throttle', code: 80006, status: 400, regainMinutes: 1 },
  },
  'torn-json': { deliver: true, answer: { kind: 'cut-json' } },
  'html-from-a-proxy': { deliver: false, answer: { kind: 'html', status: 502 } },
  blocked: { deliver: false, answer: { kind: 'error', name: 'person-unavailable' } },
  'echo-present': { deliver: true, answer: GENUINE, echo: 'present' },
  'echo-absent': { deliver: true, answer: GENUINE, echo: 'absent' },
  'echo-late': { deliver: true, answer: GENUINE, echo: 'late', echoDelayMs: 2_000 },
  'echo-doubled': { deliver: true, answer: GENUINE, echo: 'doubled' },
}

/** The names with a meaning of their own; every situation of the table of faults is one too. */
export const knobNames: readonly string[] = Object.keys(PRESETS)

/** What a name stands for; null where it stands for nothing. */
export function namedKnob(name: string): Preset | null {
  const preset = ownMember(PRESETS, name)
  if (preset !== undefined) return preset
  return isSituation(name) ? { deliver: false, answer: { kind: 'error', name } } : null
}

/** A knob before anything is said about it but what it does. */
export const plainKnob = {
  edge: 'messages',
  skip: 0,
  times: null,
  share: 1,
  waitBeforeMs: 0,
  waitAfterMs: 0,
  echoDelayMs: 2_000,
} as const satisfies Partial<Knob>
