/** The access token of a login: from a file or from what is piped in, never from the arguments. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { usage } from '../commands/flags.ts'
import type { Shell } from '../shell.ts'

export const TOKEN_REMARKS =
  'The access token of the login is read from --token-file, else from what is piped in: a word\n' +
  'among the arguments would stand in the history of the shell and in the list of processes.'

const WORD = /^[\x21-\x7e]{1,2000}$/
const PIPED = '/dev/stdin'

export interface TokenFlags {
  readonly tokenFile?: string
}

export function tokenOption(command: Command): Command {
  return command.option('--token-file <file>', 'holds the access token; without it, piped in')
}

/** @throws CliError 2 where there is none, or it is no token */
export function loginToken({ tokenFile }: TokenFlags, shell: Shell): string {
  const isTyped = tokenFile === undefined && shell.ask !== null
  const path = tokenFile === undefined ? PIPED : resolve(shell.env.INIT_CWD ?? shell.cwd, tokenFile)
  const text = isTyped ? null : shell.readFile(path)
  const wanted = 'a file with an access token, or one piped in'
  if (text === null) throw usage('--token-file', { got: tokenFile ?? 'nothing', wanted })
  const token = text.trim()
  if (WORD.test(token)) return token
  // Whatever it is, it may hold a secret.
  throw usage('--token-file', { got: `${text.length} characters that are none`, wanted })
}
