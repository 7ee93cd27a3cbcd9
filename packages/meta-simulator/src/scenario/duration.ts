import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@otn/kernel'
import { z } from 'zod'

const UNITS = { ms: 1, s: SECOND_MS, min: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const
const FORM = /^(\d{1,12}) ?(ms|s|min|h|d)$/

/** A duration as people write it, `25 h`, read as milliseconds. */
export const duration = z
  .string()
  .regex(FORM, 'must be a number and one of ms, s, min, h, d, as in "25 h"')
  .transform((text) => {
    const [, count = '', unit = 'ms'] = FORM.exec(text) ?? []
    return Number(count) * (isUnit(unit) ? UNITS[unit] : 0)
  })

function isUnit(text: string): text is keyof typeof UNITS {
  return text in UNITS
}
