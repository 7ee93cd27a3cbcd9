/** The last look at a bundle: whatever came in, no secret that we know of goes out. Pure. */
import { maskSecrets } from '@otn/graph-api'

const CREDENTIALS = /(?<=\/\/)[^/\s]*@/g

/** @param secrets their values; in every text and every name they are masked, whole or in part */
export function scrubbed(value: unknown, secrets: readonly string[]): unknown {
  const mask = maskSecrets(secrets.flatMap(partsOf))
  const clean = (text: string) => mask(text.replace(CREDENTIALS, '[secret]@'))
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return clean(one)
    if (Array.isArray(one)) return one.map(walk)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, part]) => [clean(name), walk(part)]))
  }
  return walk(value)
}

/** Several secrets stand in one setting, and a master key behind its id. */
function partsOf(secret: string): readonly string[] {
  const single = secret.split(',').map((part) => part.trim())
  return [secret, ...single, ...single.map((part) => part.slice(part.indexOf(':') + 1))]
}
