/**
 * The one question of the Kafka protocol that is needed to know whether a cluster serves: Metadata
 * version 1 (KIP-4), which every broker since 0.10 answers. Tests and services use packages/bus.
 */
import { connect } from 'node:net'

const METADATA = 3
const VERSION = 1
const CORRELATION_ID = 7
const ANSWER_MS = 3_000

export interface KnownBroker {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** The brokers that a broker knows to be alive. Rejects when it does not answer within 3 s. */
export async function askForBrokers(address: string): Promise<readonly KnownBroker[]> {
  return readBrokers(await exchange(address, metadataRequest()))
}

/** Metadata request for no Kafka topic at all, with its size in front. */
export function metadataRequest(): Buffer {
  const body = Buffer.alloc(14)
  body.writeInt16BE(METADATA, 0)
  body.writeInt16BE(VERSION, 2)
  body.writeInt32BE(CORRELATION_ID, 4)
  body.writeInt16BE(-1, 8)
  body.writeInt32BE(0, 10)
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

/** Reads the brokers out of an answer without its size. */
export function readBrokers(answer: Buffer): readonly KnownBroker[] {
  const brokers: KnownBroker[] = []
  const count = answer.readInt32BE(4)
  let at = 8
  for (let index = 0; index < count; index += 1) {
    const nodeId = answer.readInt32BE(at)
    const hostLength = answer.readInt16BE(at + 4)
    const host = answer.toString('utf8', at + 6, at + 6 + hostLength)
    const port = answer.readInt32BE(at + 6 + hostLength)
    const rackLength = Math.max(0, answer.readInt16BE(at + 10 + hostLength))
    at += 12 + hostLength + rackLength
    brokers.push({ nodeId, host, port })
  }
  return brokers
}

function exchange(address: string, request: Buffer): Promise<Buffer> {
  const [host, port] = address.split(':')
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const socket = connect({ host: host ?? '', port: Number(port) }, () => socket.write(request))
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`${address} does not answer`)))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`${address} closed the connection`)))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return
      resolve(received.subarray(4))
      socket.destroy()
    })
  })
}
