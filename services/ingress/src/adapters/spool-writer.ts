import { appError } from '@otn/kernel'
import type { SpoolDisk, SpoolFile } from '../ports.ts'
import { SEGMENT_HEAD } from './spool-frame.ts'

const MIB = 1024 * 1024
/** A file is closed behind this; it is drained as a whole, after a crash from its beginning. */
const SEGMENT_BYTES = 8 * MIB
/** Most bytes of one write; a larger webhook goes alone. */
const COMMIT_BYTES = 8 * MIB

export interface Segment {
  readonly name: string
  /** As far as it is synced. */
  readonly bytes: number
  /** Of its first webhook; null where the file was found at the start and not read yet. */
  readonly firstAtMs: number | null
}

interface Current extends Segment {
  readonly file: SpoolFile
}

interface Waiting {
  readonly frame: Buffer
  readonly receivedAtMs: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export interface SpoolWriter {
  /** Resolves behind the sync of its bytes. @throws OTN_HTTP_UNAVAILABLE */
  append(frame: Buffer, receivedAtMs: number): Promise<void>
  /** The oldest file but those, closed so that nothing is added; null where nothing is held. */
  oldest(passedOver: ReadonlySet<string>): Promise<Segment | null>
  forget(segment: Segment): void
  segments(): readonly Segment[]
  waitingBytes(): number
  close(): Promise<void>
}

export function refused(message: string, cause?: unknown): Error {
  const publicMessage = 'the log is away and the spool takes nothing; send the webhook again'
  return appError('OTN_HTTP_UNAVAILABLE', { message, publicMessage, cause })
}

/** One write and one sync at a time, for all who wait: the group commit. */
export function createSpoolWriter(disk: SpoolDisk, found: readonly Segment[]): SpoolWriter {
  const files = createFiles(disk, found)
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let isCommitting = false
  /** Writing and closing a file exclude each other. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }
  const commitAll = async () => {
    if (isCommitting) return
    isCommitting = true
    while (waiting.length > 0) {
      const batch = nextBatch(waiting)
      try {
        await inTurn(() => files.write(batch))
        for (const { resolve } of batch) resolve()
      } catch (cause) {
        for (const { reject } of batch) reject(refused('the spool could not be written', cause))
      }
      waitingBytes -= bytesOf(batch)
    }
    isCommitting = false
  }
  return {
    append: (frame, receivedAtMs) =>
      new Promise((resolve, reject) => {
        waiting.push({ frame, receivedAtMs, resolve, reject })
        waitingBytes += frame.length
        void commitAll()
      }),
    oldest: async (passedOver) => {
      const first = () => files.closed.find(({ name }) => !passedOver.has(name))
      if (first() === undefined) await inTurn(files.end)
      return first() ?? null
    },
    forget: (segment) => {
      const at = files.closed.indexOf(segment)
      if (at >= 0) files.closed.splice(at, 1)
    },
    segments: files.all,
    waitingBytes: () => waitingBytes,
    close: () => inTurn(files.end),
  }
}

function bytesOf(batch: readonly Waiting[]): number {
  return batch.reduce((sum, { frame }) => sum + frame.length, 0)
}

function nextBatch(waiting: Waiting[]): readonly Waiting[] {
  let [count, bytes] = [0, 0]
  for (const { frame } of waiting) {
    if (count > 0 && bytes + frame.length > COMMIT_BYTES) break
    count += 1
    bytes += frame.length
  }
  return waiting.splice(0, count)
}

/** The file that is written and those behind it. Nothing here may run twice at a time. */
function createFiles(disk: SpoolDisk, found: readonly Segment[]) {
  const closed: Segment[] = [...found]
  let current: Current | null = null
  const end = async () => {
    if (current === null) return
    const { file, ...segment } = current
    current = null
    if (segment.bytes > 0) closed.push(segment)
    await file.close()
    if (segment.bytes === 0) await disk.remove(file.name)
  }
  /** What lies behind the last sync was promised to nobody; after a fault none is synced anew. */
  const abandon = async ({ name, bytes }: Current) => {
    await end()
    if (bytes > 0) await disk.cut(name, bytes)
  }
  const begin = async (firstAtMs: number): Promise<Current> => {
    const file = await disk.create()
    return { name: file.name, bytes: 0, firstAtMs, file }
  }
  const write = async (batch: readonly Waiting[]) => {
    const into = current ?? (await begin(batch[0]?.receivedAtMs ?? 0))
    current = into
    const frames = batch.map(({ frame }) => frame)
    const bytes = Buffer.concat(into.bytes === 0 ? [SEGMENT_HEAD, ...frames] : frames)
    try {
      await into.file.write(bytes)
      await into.file.sync()
    } catch (error) {
      await abandon(into).catch(() => {})
      throw error
    }
    current = { ...into, bytes: into.bytes + bytes.length }
    if (current.bytes >= SEGMENT_BYTES) await end()
  }
  const all = (): readonly Segment[] => (current === null ? closed : [...closed, current])
  return { closed, end, write, all }
}
