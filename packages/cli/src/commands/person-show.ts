import type { Command } from 'commander'
import { ledgerSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { fieldLines, fieldText } from '../output/field-lines.ts'
import { table } from '../output/table.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const ENTRY_COLUMNS = ['came', 'kind', 'source', 'ref', 'userRef'] as const
const PERSON = /^(?:\d{1,20}|[A-Za-z0-9_-]{22})$/

interface ShowFlags {
  readonly page: string
}

export function addPersonShow(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'show <person>',
    summary: 'one person of a page: window, thread, how they came, which account they linked',
    examples: [
      'person show --page 1000 2000',
      'person show --page 1000 sStxGmklUR7y9IbqqR-AlG --json',
    ],
    remarks: 'What identifies them (ref, external user) is shown to keys with the scope personal.',
  })
  command.requiredOption('--page <id>', 'page id')
  const run = (flags: ShowFlags, parts: Run) => show(command.args[0] ?? '', flags, parts)
  runs<ShowFlags>(command, { cli, reaches: ['ledger'], run })
}

async function show(
  person: string,
  { page }: ShowFlags,
  { context, output, shell }: Run,
): Promise<ExitCode> {
  if (!PERSON.test(person)) {
    const got = `a text of ${person.length} characters`
    throw usage('<person>', { got, wanted: 'a PSID (digits) or a pseudonym (22 characters)' })
  }
  const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
  const path = `/v1/pages/${encodeURIComponent(page)}/persons/${encodeURIComponent(person)}`
  const answer = await callService(door, { path })
  const { entries, account, ...fields } = answer
  const ways: readonly JsonObject[] = Array.isArray(entries) ? entries : []
  output.data(answer, (style) => {
    const lines = fieldLines({ ...fields, ...(account ? Object(account) : {}) })
    if (ways.length === 0) return lines
    const [head = '', ...rows] = table(ENTRY_COLUMNS, ways.map(rowOf))
    return [...lines, '', style.bold(head), ...rows]
  })
  output.next(`pnpm otn token list --page ${page} --person ${answer.person}`)
  return exitCodes.ok
}

function rowOf({ at, kind, source, ref, userRef }: JsonObject): readonly (string | null)[] {
  const texts = [kind, source, ref, userRef].map((value) => fieldText('', value))
  return [fieldText('cameAt', at), ...texts]
}
