import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dispatcherSettings } from '@otn/dispatcher'
import { ingressSettings } from '@otn/ingress'
import { scores, survivors, survivorsPage } from '@otn/mutants'
import { registrySettings } from '@otn/page-registry'
import { stackSettings } from '@otn/stack'
import { ledgerSettings } from '@otn/token-ledger'
// Not part of what the package publishes, hence by its file.
import { simulatorSettings } from '../../../../packages/meta-simulator/src/config.ts'
import type { AvroRecord } from './avro-schema.ts'
import { engineSecurityPage } from './engine-security-page.ts'
import { errorsPage } from './errors-page.ts'
import { messagesPage } from './messages-page.ts'
import { embeddedSchemas, recordTypes } from './record-types.ts'
import { settingsPage } from './settings-page.ts'

const ROOT = join(import.meta.dirname, '../../../..')

export const FIXTURES = join(ROOT, 'schemas/fixtures')

/** Whose settings docs/settings.md lists. */
const programs = {
  ingress: ingressSettings,
  'token-ledger': ledgerSettings,
  dispatcher: dispatcherSettings,
  'page-registry': registrySettings,
  'meta-simulator': simulatorSettings,
  stack: stackSettings,
}

export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** Every file that `pnpm codegen` owns, with the text it must have now. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const records = currentSchemas()
  const generated = join(ROOT, 'packages/contracts/src/generated')
  const security = join(ROOT, 'docs/engine-security.md')
  return [
    { path: join(generated, 'records.ts'), text: recordTypes(records) },
    {
      path: join(generated, 'schemas.ts'),
      text: embeddedSchemas(records, pastSchemas()),
    },
    { path: security, text: engineSecurityPage(readFileSync(security, 'utf8')) },
    { path: join(ROOT, 'docs/errors.md'), text: errorsPage() },
    { path: join(ROOT, 'docs/messages.md'), text: messagesPage(records) },
    { path: join(ROOT, 'docs/settings.md'), text: settingsPage(programs) },
    { path: join(ROOT, 'docs/mutants.md'), text: survivorsPage(survivors, scores) },
  ]
}

/** The current schemas, in the order of their names. */
export function currentSchemas(): readonly AvroRecord[] {
  const folder = join(ROOT, 'schemas')
  const files = readdirSync(folder).filter((file) => file.endsWith('.avsc'))
  if (files.length === 0) throw new Error('no schema found under schemas/')
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

/** Every version that ever stood on main, oldest first within its record. */
export function pastSchemas(): readonly AvroRecord[] {
  return readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('schema.avsc'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')))
}
