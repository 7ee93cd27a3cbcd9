import { expect, test } from 'vitest'
import { answerCorrelationId, frameSplitter, readRequestHead } from './kafka-frames.ts'

function frame(body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

test('messages come out whole and in order, however the stream was cut', () => {
  const messages = ['a', 'bcd', '', 'ef'].map((text) => frame(Buffer.from(text)))
  const stream = Buffer.concat(messages)
  for (let step = 1; step <= stream.length; step += 1) {
    const seen: Buffer[] = []
    const feed = frameSplitter((message) => seen.push(message))
    for (let at = 0; at < stream.length; at += step) feed(stream.subarray(at, at + step))
    expect(seen).toEqual(messages)
  }
})

test('a request tells api key, version and correlation id, an answer its correlation id', () => {
  const request = frame(Buffer.from('0000000700000009ffff', 'hex'))
  expect(readRequestHead(request)).toEqual({ apiKey: 0, apiVersion: 7, correlationId: 9 })
  expect(answerCorrelationId(frame(Buffer.from('0000000a00', 'hex')))).toBe(10)
})
