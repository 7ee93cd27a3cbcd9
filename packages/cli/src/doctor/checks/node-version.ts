import { defineCheck } from '../check.ts'
import { type Finding, ok, toFix } from '../finding.ts'

/** The oldest whose TypeScript needs no build; `engines` of package.json says the same. */
const OLDEST = 24

export const nodeVersion = defineCheck({
  id: 'node',
  read: ({ engines }) => engines.nodeVersion,
  judge: judgeNode,
})

/** @param version as `process.version` gives it */
export function judgeNode(version: string): readonly Finding[] {
  const major = Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0)
  if (major >= OLDEST) return [ok(`Node ${version}`)]
  return [toFix(`Node ${version} is older than ${OLDEST}`, 'npx pnpm@12 install')]
}
