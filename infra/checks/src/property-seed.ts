/**
 * Before each file of tests: properties look at the same cases in each run, so that a commit passes
 * or fails and never does both. `OTN_PROPERTY_SEED=random`, or a number, looks at others.
 */
import fc from 'fast-check'

const FIXED_SEED = 20_251_127

const wanted = process.env.OTN_PROPERTY_SEED
const seed = wanted ? Number(wanted) : FIXED_SEED
if (wanted !== 'random') {
  if (!Number.isSafeInteger(seed)) {
    throw new Error(`OTN_PROPERTY_SEED: got '${wanted}', wanted 'random' or a whole number`)
  }
  fc.configureGlobal({ seed })
}
