import { expect, test } from 'vitest'
import { metadataRequest, readBrokers } from './kafka-wire.ts'

test('a metadata request announces its own length', () => {
  const request = metadataRequest()
  expect(request.readInt32BE(0)).toBe(request.length - 4)
  expect(request.readInt16BE(4)).toBe(3)
})

test('brokers are read with and without a rack', () => {
  const answer = Buffer.concat([
    int32(7),
    int32(2),
    ...[int32(1), text('127.0.0.1'), int32(15_001), int16(-1)],
    ...[int32(2), text('kafka-2'), int32(19_092), text('rack-b')],
    int32(1),
  ])
  expect(readBrokers(answer)).toEqual([
    { nodeId: 1, host: '127.0.0.1', port: 15_001 },
    { nodeId: 2, host: 'kafka-2', port: 19_092 },
  ])
})

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.concat([int16(value.length), Buffer.from(value)])
}
