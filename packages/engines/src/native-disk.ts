/**
 * Small disks of native servers. A file system needs the right to mount: root has it, and anybody
 * has it within a user namespace of their own where the machine allows those. A process holds the
 * mount's namespace, so the file system outlives its server and vanishes with the keeper. Where
 * neither may mount, a limit on the server's process stands in: every Linux has that.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { appError } from '@otn/kernel'
import { ballastIn } from './ballast.ts'
import type { Launched } from './keeper-client.ts'
import type { Launch } from './keeper-messages.ts'
import type { NativeContext } from './native-context.ts'
import { runCommand, tryCommand } from './run-command.ts'
import type { DiskWish, SmallDisk } from './small-disk.ts'
import { GiveUp, waitFor } from './wait-for.ts'

export interface NativeDisk extends SmallDisk {
  /** The same command with its files on this disk. */
  within(command: string, args: readonly string[]): Pick<Launch, 'command' | 'args'>
  /** Told of every process of the server. */
  serves(pid: number): void
}

interface Place {
  /** Also the name of the server. */
  readonly name: string
  /** The server's data, empty. */
  readonly folder: string
  readonly context: NativeContext
}

const HOLD_MS = 10_000
const ROOT = { unshare: ['--mount'], nsenter: ['--mount'] } as const
const USER = {
  unshare: ['--user', '--map-root-user', '--mount'],
  nsenter: ['--user', '--preserve-credentials', '--mount'],
} as const

/**
 * Puts a folder on a disk of its own, and what lies there goes with the engines.
 * @throws OTN_ENGINE_MISSING where no way is possible
 */
export async function openDisk(wish: DiskWish, place: Place): Promise<NativeDisk> {
  await mkdir(place.folder, { recursive: true })
  if (wish.way !== 'limit') {
    for (const rights of [ROOT, USER]) {
      const holder = await hold(wish, place, rights)
      if (holder !== null) return fileSystem(holder, { ...place, ...wish, ...rights })
    }
  }
  if (wish.way !== 'file-system' && (await tryCommand('prlimit', ['--version'])).code === 0) {
    return limit()
  }
  const message =
    `${place.name}: no small disk can be made here. It takes Linux with util-linux and either ` +
    'the right to mount or, for a limit in its place, prlimit.'
  throw appError('OTN_ENGINE_MISSING', { message })
}

type Rights = typeof ROOT | typeof USER

/** Null where these rights do not suffice here. */
async function hold(
  { megabytes }: DiskWish,
  { name, folder, context }: Place,
  { unshare }: Rights,
): Promise<number | null> {
  const script = 'mount -t tmpfs -o "size=$1m,mode=700" otn "$2" && exec tail -f /dev/null'
  const args = [...unshare, 'sh', '-c', script, 'sh', String(megabytes), folder]
  const logFile = `${folder}-disk.log`
  try {
    const launch = { name: `${name}-disk`, command: 'unshare', args, env: {}, logFile }
    const holder = await context.keeper.launch(launch)
    await isMounted(holder, folder)
    return holder.pid
  } catch {
    context.log(`${name}: no file system of its own with ${unshare.join(' ')}`)
    return null
  }
}

async function isMounted({ pid, gone }: Launched, folder: string): Promise<void> {
  let isGone = false
  void gone.then(() => {
    isGone = true
  })
  const isThere = async (): Promise<boolean> => {
    if (isGone) throw new GiveUp(new Error('it may not mount'))
    return (await readFile(`/proc/${pid}/mounts`, 'utf8')).includes(` ${folder} tmpfs `)
  }
  await waitFor(isThere, { timeoutMs: HOLD_MS, describe: `${folder} to be mounted`, intervalMs: 5 })
}

function fileSystem(
  holder: number,
  { folder, megabytes, nsenter }: Place & DiskWish & Rights,
): NativeDisk {
  const ballast = ballastIn(`/proc/${holder}/root${folder}`, megabytes)
  return {
    way: 'file-system',
    fill: ballast.fill,
    free: ballast.free,
    within: (command, args) => ({
      command: 'nsenter',
      args: ['--target', String(holder), ...nsenter, '--', command, ...args],
    }),
    serves: () => undefined,
  }
}

function limit(): NativeDisk {
  let server: number | null = null
  let isFull = false
  const set = async (size: '0' | 'unlimited'): Promise<void> => {
    isFull = size === '0'
    if (server === null) return
    const args = ['--pid', String(server), `--fsize=${size}:`]
    const { code } = await tryCommand('prlimit', args)
    if (code === 0) return
    // A server that is gone gets its limit when it starts.
    const isThere = (await tryCommand('kill', ['-0', String(server)])).code === 0
    if (isThere) await runCommand('Limiting what a server may write', 'prlimit', args)
  }
  // A process that does not ignore the signal of the limit ends by it, without a word.
  const script = 'trap "" XFSZ; ulimit -S -f "$1"; shift; exec "$@"'
  return {
    way: 'limit',
    fill: () => set('0'),
    free: () => set('unlimited'),
    within: (command, args) => ({
      command: 'sh',
      args: ['-c', script, 'sh', isFull ? '0' : 'unlimited', command, ...args],
    }),
    serves: (pid) => {
      server = pid
    },
  }
}
