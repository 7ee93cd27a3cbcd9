import type { Command } from 'commander'
import { dispatcherSettings } from '../cli-settings.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { showDigest } from './show-digest.ts'

export function addDispatcherDigest(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'digest',
    summary: 'one digest over what the dispatcher knows',
    examples: ['dispatcher digest', 'dispatcher digest --json'],
    remarks: 'Leases and workers are left out: they are no part of what happened.',
  })
  const run = (_flags: object, parts: Run) =>
    showDigest(parts, { name: 'dispatcher', ...parts.context.read(dispatcherSettings) })
  runs(command, { cli, reaches: ['dispatcher'], run })
}
