/**
 * How a webhook stands in a file of the spool: length, CRC-32, head, sealed content. What follows
 * the first frame that is cut or altered is not read: nobody knows where a next one would begin.
 */
import { crc32 } from 'node:zlib'
import { z } from 'zod'

/** First bytes of each file; another version of this form gets another number. */
export const SEGMENT_HEAD = Buffer.from('otnspl1\n', 'latin1')

const LENGTHS_BYTES = 8
const HEAD_LENGTH_BYTES = 2

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
  readonly entries: readonly SpoolEntry[]
  /** Where the last whole frame ends; 0 where not even the head of the file is whole. */
  readonly end: number
}

/** The whole frames from the beginning of a file on. Never throws, whatever the bytes. */
export function readFrames(bytes: Buffer): FramesRead {
  const entries: SpoolEntry[] = []
  if (!bytes.subarray(0, SEGMENT_HEAD.length).equals(SEGMENT_HEAD)) return { entries, end: 0 }
  let end = SEGMENT_HEAD.length
  for (;;) {
    const payload = payloadAt(bytes, end)
    const entry = payload === null ? null : entryOf(payload)
    if (payload === null || entry === null) return { entries, end }
    entries.push(entry)
    end += LENGTHS_BYTES + payload.length
  }
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
