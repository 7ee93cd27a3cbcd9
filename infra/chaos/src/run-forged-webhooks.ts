/**
 * `node infra/chaos/src/run-forged-webhooks.ts [--pairs N] [--seed N]`: a million pairs of body and
 * signature that nobody signed, against the verifier of the ingress. Exits with 1 where one of
 * them is accepted, or an honest one refused.
 */
import { parseArgs } from 'node:util'
import { forgeWebhooks } from './forged-webhooks.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '7' },
  },
})

const [pairs, seed] = [values.pairs, values.seed].map(Number)
if (!pairs || !seed) throw new Error('--pairs and --seed want whole numbers above 0')
const { tried, accepted, honestRefused } = forgeWebhooks({ pairs, seed })
console.log(`forged ${tried} · accepted ${accepted} · honest ones refused ${honestRefused}`)
process.exitCode = accepted + honestRefused === 0 ? 0 : 1
