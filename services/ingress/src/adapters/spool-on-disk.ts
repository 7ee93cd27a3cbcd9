import type { Spool, SpoolDisk } from '../ports.ts'
import { encodeFrame, readFrames, SEGMENT_HEAD } from './spool-frame.ts'
import type { SpoolSeal } from './spool-seal.ts'
import { createSpoolWriter, refused, type Segment } from './spool-writer.ts'

const MIB = 1024 * 1024
/** The largest webhook, sealed, in base64: as long as it fits, nothing of it is refused late. */
const ROOM_BYTES = 6 * MIB
/** What waits for the disk; it is memory. */
const WAITING_BYTES_MAX = 64 * MIB
const NONE: ReadonlySet<string> = new Set()

export interface OpenSpool {
  readonly bytesMax: number
  readonly seal: SpoolSeal
  /** Told of what a crash left behind the last whole webhook: nobody got a 200 for it. */
  readonly onCut: (bytes: number) => void
}

/**
 * The spool upon a folder. Webhooks that wait together are written and synced together; one is on
 * the spool when the sync behind its bytes came back. Whatever a disk refused is never synced
 * anew: the file is cut behind its last sync and closed, and another one is begun.
 */
export async function openSpool(disk: SpoolDisk, options: OpenSpool): Promise<Spool> {
  const writer = createSpoolWriter(disk, await foundSegments(disk, options))
  let damaged = await disk.damaged()
  /** Could not be read just now; asked again when the others are through. */
  const unread = new Set<string>()
  const spoiled = new Set<string>()
  const state: Spool['state'] = () => {
    const segments = writer.segments()
    const bytes = writer.waitingBytes() + segments.reduce((sum, one) => sum + one.bytes, 0)
    const isFull =
      bytes + ROOM_BYTES > options.bytesMax ||
      writer.waitingBytes() + ROOM_BYTES > WAITING_BYTES_MAX
    const oldestAtMs = segments[0]?.firstAtMs ?? null
    const { bytesMax } = options
    return { bytes, bytesMax, segments: segments.length, oldestAtMs, isFull, damaged }
  }
  return {
    state,
    append: async (webhook, limitMs) => {
      if (state().isFull) throw refused('the spool is full')
      const frame = encodeFrame(options.seal.seal(webhook))
      await within(writer.append(frame, webhook.receivedAtMs), limitMs)
    },
    oldest: async (passedOver = NONE) => {
      const segment = await writer.oldest(new Set([...passedOver, ...unread]))
      if (segment === null) {
        unread.clear()
        return null
      }
      unread.add(segment.name)
      const { entries, end } = readFrames(await disk.read(segment.name))
      unread.delete(segment.name)
      const isWhole = end >= segment.bytes
      return {
        name: segment.name,
        webhooks: entries.map((entry) => () => options.seal.open(entry)),
        spoil: () => void spoiled.add(segment.name),
        forget: async () => {
          const isSound = isWhole && !spoiled.has(segment.name)
          await (isSound ? disk.remove(segment.name) : disk.setAside(segment.name))
          writer.forget(segment)
          spoiled.delete(segment.name)
          if (!isSound) damaged = await disk.damaged()
          return { isSound }
        },
      }
    },
    close: () => writer.close(),
  }
}

/**
 * The files of earlier processes. Behind the last one's last sync there may be half a write, and
 * that alone is cut: a file that is broken elsewhere is drained as far as it goes and set aside.
 */
async function foundSegments(disk: SpoolDisk, { onCut }: OpenSpool): Promise<readonly Segment[]> {
  const found = await disk.list()
  const segments: Segment[] = []
  for (const [index, { name, bytes }] of found.entries()) {
    const isFirst = index === 0
    const isLast = index === found.length - 1
    const read = isFirst || isLast ? readFrames(await disk.read(name)) : null
    const firstAtMs = read?.entries[0]?.receivedAtMs ?? null
    const isTorn = isLast && read !== null && (bytes === 0 || read.isTornTail)
    const end = isTorn ? read.end : bytes
    if (isTorn) onCut(bytes - end)
    // Not even its head is whole, or nothing else is.
    if (isLast && bytes <= SEGMENT_HEAD.length && (isTorn || end === SEGMENT_HEAD.length)) {
      await disk.remove(name)
      continue
    }
    if (isTorn) await disk.cut(name, end)
    segments.push({ name, bytes: end, firstAtMs })
  }
  return segments
}

/** A disk that hangs is answered for in time; what it still does is harmless. */
async function within(work: Promise<void>, limitMs: number): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(refused('the spool took too long')), limitMs)
  try {
    await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
