import { defineCheck } from '../check.ts'
import { ok } from '../finding.ts'

/** Reading it throws where it is not what `pnpm stack up` writes. */
export const stackFile = defineCheck({
  id: 'stack-file',
  read: ({ context }) => context.stackPath(),
  judge: (path: string | null) => [
    ok(path === null ? 'no stack file: settings come from the environment' : `settings: ${path}`),
  ],
})
