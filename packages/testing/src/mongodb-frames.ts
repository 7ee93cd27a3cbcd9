/**
 * Who opens a connection to a MongoDB server. The first message of each is a hello; a member of a
 * replica set that takes test commands names itself in it, as `hostInfo`: `host:port`. A message is
 * its size, 12 bytes more of header and a body: OP_MSG or, from the old days, OP_QUERY
 * (mongodb.com/docs/manual/reference/mongodb-wire-protocol).
 */
import { BSON } from 'mongodb'

const HEADER_BYTES = 16
const OP_CODE_AT = 12
const OP_MSG = 2013
const OP_QUERY = 2004
/** Flags, and the kind of the one section. */
const OP_MSG_PREFIX_BYTES = 5
const FLAGS_BYTES = 4
/** How many to skip, how many to return. */
const OP_QUERY_NUMBERS_BYTES = 8

/** Hands on the first message as soon as it is whole, together with what came after it. */
export function firstMessage(
  onMessage: (message: Buffer, all: Buffer) => void,
): (chunk: Buffer) => void {
  let all: Buffer = Buffer.alloc(0)
  return (chunk) => {
    all = Buffer.concat([all, chunk])
    if (all.length < HEADER_BYTES) return
    const size = all.readInt32LE(0)
    if (all.length >= size) onMessage(all.subarray(0, size), all)
  }
}

/** The port of the member that says this hello; null = it comes from a client. */
export function openerOf(hello: Buffer): number | null {
  const document = bodyOf(hello)
  if (document === null) return null
  const { hostInfo } = BSON.deserialize(document)
  const port = typeof hostInfo === 'string' ? /:(\d+)$/.exec(hostInfo)?.[1] : undefined
  return port === undefined ? null : Number(port)
}

function bodyOf(message: Buffer): Buffer | null {
  const opCode = message.readInt32LE(OP_CODE_AT)
  if (opCode === OP_MSG) return documentAt(message, HEADER_BYTES + OP_MSG_PREFIX_BYTES)
  if (opCode !== OP_QUERY) return null
  const nameEnd = message.indexOf(0, HEADER_BYTES + FLAGS_BYTES)
  return documentAt(message, nameEnd + 1 + OP_QUERY_NUMBERS_BYTES)
}

function documentAt(message: Buffer, start: number): Buffer {
  return message.subarray(start, start + message.readInt32LE(start))
}
