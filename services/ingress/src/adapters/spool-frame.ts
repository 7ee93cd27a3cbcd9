/**
 * How a webhook stands in a file of the spool: length, CRC-32, head, sealed content. Behind a frame
 * that is cut or altered the next one is looked for by how a head begins.
 */
import { crc32 } from 'node:zlib'
import { z } from 'zod'

/** First bytes of each file; another version of this form gets another number. */
export const SEGMENT_HEAD = Buffer.from('otnspl1\n', 'latin1')

const LENGTHS_BYTES = 8
const HEAD_LENGTH_BYTES = 2
/** A head begins so in clear, behind lengths and CRC; the CRC then says whether it is one. */
const HEAD_BEGINS = '{"id":"'

const headSchema = z.object({
  id: z.string(),
  receivedAtMs: z.number().int(),
  appId: z.string(),
  keyId: z.string(),
})

export interface SpoolEntry extends z.infer<typeof headSchema> {
  readonly sealed: Buffer
}

export function encodeFrame({ sealed, ...head }: SpoolEntry): Buffer {
  const headBytes = Buffer.from(JSON.stringify(head), 'utf8')
  const frame = Buffer.alloc(LENGTHS_BYTES + HEAD_LENGTH_BYTES + headBytes.length + sealed.length)
  const payload = frame.subarray(LENGTHS_BYTES)
  payload.writeUInt16BE(headBytes.length, 0)
  headBytes.copy(payload, HEAD_LENGTH_BYTES)
  sealed.copy(payload, HEAD_LENGTH_BYTES + headBytes.length)
  frame.writeUInt32BE(payload.length, 0)
  frame.writeUInt32BE(crc32(payload), 4)
  return frame
}

export interface FramesRead {
  /** All whole ones, also those behind one that is not. */
  readonly entries: readonly SpoolEntry[]
  /** Where the first frame that is not whole begins; 0 where the head of the file is not ours. */
  readonly end: number
  /** What is behind that holds no whole frame, as half a write leaves it. */
  readonly isTornTail: boolean
}

/** The whole frames of a file. Never throws, whatever the bytes. */
export function readFrames(bytes: Buffer): FramesRead {
  const head = bytes.subarray(0, SEGMENT_HEAD.length)
  const first = head.equals(SEGMENT_HEAD) ? framesFrom(bytes, SEGMENT_HEAD.length) : NO_FRAMES
  const behind: SpoolEntry[] = []
  for (let at = nextFrame(bytes, first.end); at !== null; ) {
    const run = framesFrom(bytes, at)
    behind.push(...run.entries)
    at = nextFrame(bytes, run.end)
  }
  const isOurs = head.equals(SEGMENT_HEAD.subarray(0, head.length))
  const isTornTail = isOurs && behind.length === 0 && first.end < bytes.length
  return { entries: [...first.entries, ...behind], end: first.end, isTornTail }
}

const NO_FRAMES = { entries: [], end: 0 } as const

function framesFrom(bytes: Buffer, start: number): Pick<FramesRead, 'entries' | 'end'> {
  const entries: SpoolEntry[] = []
  let end = start
  for (;;) {
    const payload = payloadAt(bytes, end)
    const entry = payload === null ? null : entryOf(payload)
    if (payload === null || entry === null) return { entries, end }
    entries.push(entry)
    end += LENGTHS_BYTES + payload.length
  }
}

function nextFrame(bytes: Buffer, from: number): number | null {
  const before = LENGTHS_BYTES + HEAD_LENGTH_BYTES
  for (let at = bytes.indexOf(HEAD_BEGINS, from); at >= 0; ) {
    const start = at - before
    const payload = start < from ? null : payloadAt(bytes, start)
    if (payload !== null && entryOf(payload) !== null) return start
    at = bytes.indexOf(HEAD_BEGINS, at + 1)
  }
  return null
}

function payloadAt(bytes: Buffer, at: number): Buffer | null {
  if (at + LENGTHS_BYTES > bytes.length) return null
  const start = at + LENGTHS_BYTES
  const payload = bytes.subarray(start, start + bytes.readUInt32BE(at))
  const isWhole = payload.length === bytes.readUInt32BE(at)
  // A hole of zeros, as a crash leaves it, has the right CRC of nothing.
  if (!isWhole || payload.length <= HEAD_LENGTH_BYTES) return null
  return crc32(payload) === bytes.readUInt32BE(at + 4) ? payload : null
}

function entryOf(payload: Buffer): SpoolEntry | null {
  const headEnd = HEAD_LENGTH_BYTES + payload.readUInt16BE(0)
  const head = headSchema.safeParse(parseJson(payload.toString('utf8', HEAD_LENGTH_BYTES, headEnd)))
  return head.success ? { ...head.data, sealed: payload.subarray(headEnd) } : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
