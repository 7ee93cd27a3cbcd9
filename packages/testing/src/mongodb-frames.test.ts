import { BSON } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { firstMessage, openerOf } from './mongodb-frames.ts'

const OP_MSG = 2013
const OP_QUERY = 2004

function message(opCode: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const header = Buffer.alloc(16)
  header.writeInt32LE(header.length + body.length, 0)
  header.writeInt32LE(opCode, 12)
  return Buffer.concat([header, body])
}

const modern = (hello: object) => message(OP_MSG, Buffer.alloc(5), BSON.serialize(hello))
const old = (hello: object) =>
  message(
    OP_QUERY,
    Buffer.alloc(4),
    Buffer.from('admin.$cmd\0'),
    Buffer.alloc(8),
    BSON.serialize(hello),
  )

describe('the first message of a connection', () => {
  test('comes out whole with what followed it, however the stream was cut', () => {
    const hello = modern({ hello: 1 })
    const stream = Buffer.concat([hello, Buffer.from('more')])
    for (let step = 1; step <= stream.length; step += 1) {
      const seen: Buffer[][] = []
      const feed = firstMessage((first, all) => seen.push([first, all]))
      for (let at = 0; at < stream.length && seen.length === 0; at += step) {
        feed(stream.subarray(at, at + step))
      }
      const [[first, all] = []] = seen
      expect(first).toEqual(hello)
      expect(stream.subarray(0, all?.length)).toEqual(all)
    }
  })

  test('tells which member opened it, in either form, and that a client did', () => {
    const hostInfo = 'some.host:27018'
    expect([
      openerOf(modern({ hello: 1, hostInfo })),
      openerOf(old({ isMaster: 1, hostInfo })),
    ]).toEqual([27_018, 27_018])
    expect([openerOf(modern({ hello: 1 })), openerOf(old({ isMaster: 1 }))]).toEqual([null, null])
    expect(openerOf(message(1, Buffer.from('what is this')))).toBeNull()
  })
})
