import type { LogSettings } from '@otn/bus'
import { logSettings } from '../../cli-settings.ts'
import { defineCheck } from '../check.ts'
import { type Finding, ok, toFix, warn } from '../finding.ts'
import type { Place } from '../place.ts'

const isNamed = ({ schemaRegistryUrl }: Pick<LogSettings, 'schemaRegistryUrl'>) =>
  schemaRegistryUrl !== null

export const registry = defineCheck({
  id: 'registry',
  needs: ['stack-file'],
  settings: { of: logSettings, unset: 'fix' },
  read: async ({ context, engines }) => {
    const values = context.read(logSettings)
    if (isNamed(values)) await engines.askRegistry(values)
    return isNamed(values)
  },
  judge: (isThere: boolean) =>
    isThere
      ? [ok('the schema registry answers')]
      : [
          warn(
            'SCHEMA_REGISTRY_URL is not given: running services need none, schemas are unchecked',
            'set SCHEMA_REGISTRY_URL',
          ),
        ],
})

export const schemas = defineCheck({
  id: 'schemas',
  needs: ['registry'],
  read: readSchemas,
  judge: judgeSchemas,
})

/** Null where no registry is named. */
async function readSchemas({ context, engines }: Place): Promise<readonly string[] | null> {
  const values = context.read(logSettings)
  return isNamed(values) ? engines.checkSchemas(values) : null
}

/** @param faults as `pnpm otn schemas check` says them; null = nobody could be asked */
export function judgeSchemas(faults: readonly string[] | null): readonly Finding[] {
  if (faults === null) return [warn('schemas were not compared, for no registry is named')]
  if (faults.length === 0) return [ok('registry and SCHEMA_IDS_FILE know every schema')]
  const [first = ''] = faults
  const more = faults.length === 1 ? '' : `, and ${faults.length - 1} more: pnpm otn schemas check`
  const said = first.replace(/; run: pnpm otn schemas publish$/, '')
  return [toFix(`${said}${more}`, 'pnpm otn schemas publish')]
}
