import type { Command } from 'commander'
import { ledgerSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService } from '../http/call-service.ts'
import { fieldLines } from '../output/field-lines.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

export function addTokenGet(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'get <id>',
    summary: 'one token: state, topic, when it expires',
    examples: [
      'token get 19342fe8002e6df3cf684809ae863aef',
      'token get 19342fe8002e6df3cf684809ae863aef --json',
    ],
  })
  const run = (_flags: object, parts: Run) => getToken(command.args[0] ?? '', parts)
  runs(command, { cli, reaches: ['ledger'], run })
}

async function getToken(id: string, { context, output, shell }: Run): Promise<ExitCode> {
  if (!/^[0-9a-f]{32}$/.test(id)) {
    const got = `a text of ${id.length} characters`
    throw usage('<id>', { got, wanted: 'a token id: 32 hex digits, not the token itself' })
  }
  const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
  const token = await callService(door, { path: `/v1/tokens/${id}` })
  output.data(token, () => fieldLines(token))
  output.next(`pnpm otn explain ${id}`)
  return exitCodes.ok
}
