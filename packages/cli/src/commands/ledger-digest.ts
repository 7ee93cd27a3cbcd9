import type { Command } from 'commander'
import { ledgerSettings } from '../cli-settings.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { showDigest } from './show-digest.ts'

export function addLedgerDigest(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'digest',
    summary: 'one digest over what the token-ledger knows',
    examples: ['ledger digest', 'ledger digest --json'],
    remarks: 'Two equal digests = the same tokens, persons and pages, byte for byte.',
  })
  const run = (_flags: object, parts: Run) =>
    showDigest(parts, { name: 'token-ledger', ...parts.context.read(ledgerSettings) })
  runs(command, { cli, reaches: ['ledger'], run })
}
