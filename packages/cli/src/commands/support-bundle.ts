import { resolve } from 'node:path'
import type { Command } from 'commander'
import { openPlace } from '../doctor/place.ts'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { type Bundle, SECTIONS, supportBundle } from '../support/bundle.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface BundleFlags {
  readonly out?: string
}

export function addSupportBundle(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'bundle',
    summary: 'one JSON file for whoever helps: how everything stands, without a secret',
    examples: ['support bundle', 'support bundle --out bundle.json'],
    remarks:
      'What is in it, and what never is: docs/support.md. A part that cannot be read says why; ' +
      'the file is written all the same.',
  })
  command.option('--out <file>', 'where to write it; a file that is there is left alone')
  const reaches = ['kafka', 'registry', 'ledger', 'dispatcher', 'ingress', 'pages'] as const
  runs<BundleFlags>(command, { cli, reaches, run: writeBundle })
}

async function writeBundle({ out }: BundleFlags, run: Run): Promise<ExitCode> {
  const { context, output, shell } = run
  const file = resolve(shell.cwd, out ?? nameAt(shell.nowMs()))
  await using place = openPlace(context, shell)
  const bundle = await supportBundle(place, { context, shell })
  const fault = shell.writeNewFile(file, `${JSON.stringify(bundle, null, 2)}\n`)
  if (fault !== null) {
    throw new CliError(exitCodes.failed, `${file} cannot be written: ${fault}`, 'give --out')
  }
  const unread = SECTIONS.filter((name) => isUnread(bundle, name))
  output.data({ file, sections: SECTIONS, unread }, () => [file])
  if (unread.length > 0) output.say(`could not be read, and says why: ${unread.join(', ')}`)
  output.say('Read it before you hand it over.')
  return exitCodes.ok
}

function nameAt(nowMs: number): string {
  const at = new Date(nowMs)
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.\d+Z$/, 'Z')
  return `otn-support-${at}.json`
}

function isUnread(bundle: Bundle, name: string): boolean {
  return Object(bundle[name]).unread !== undefined
}
