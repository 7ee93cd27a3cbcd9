import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'

import { postWebhook } from './post-webhook.ts'

/** Posts to a callback that answers like this. */
async function postTo(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume().once('end', () => answer(response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dispatcher = new Agent()
  onTestFinished(async () => {
    await dispatcher.destroy()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const post = { url: `http://127.0.0.1:${port}/w?a=b`, body: Buffer.from('{}'), signatures: null }
  return postWebhook(post, { dispatcher, answerTimeoutMs: 60_000 })
}

/** Writes for as long as somebody reads. */
function writeForEver(response: ServerResponse): void {
  while (response.write('x'.repeat(64 * 1024)));
  response.once('drain', () => writeForEver(response))
}

test('the status of an answer counts, however its body ends', async () => {
  const received = { status: 200, fault: null, reason: null }
  expect(await postTo((response) => response.end('ok'))).toMatchObject(received)
  expect(await postTo(writeForEver)).toMatchObject(received)
  const broken = await postTo((response) => {
    response.writeHead(200, { 'content-length': 10 }).write('x', () => response.destroy())
  })
  expect(broken).toMatchObject(received)
})

test('a hint before the answer is not the answer', async () => {
  const hinted = await postTo((response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' })
    response.writeHead(503).end()
  })
  expect(hinted).toMatchObject({ status: 503, reason: null })
})

test('a connection that ends without an answer is named as such', async () => {
  const cut = await postTo((response) => response.destroy())
  expect(cut).toMatchObject({ status: null, reason: 'connection' })
})
