/** 5.3: what is signed, with what, and in which spelling. */
import { createHmac } from 'node:crypto'
import { expect } from 'vitest'

import type { Meta } from '../meta.ts'
import type { Row } from '../row.ts'
import { registered, write } from './callback.ts'

const section = '5.3'

function digest(algorithm: 'sha1' | 'sha256', body: Buffer | string, key: string): string {
  return `${algorithm}=${createHmac(algorithm, key).update(body).digest('hex')}`
}

async function postOf(meta: Meta, text: string) {
  const { posts } = await registered(meta)
  await write(meta, text)
  const [post] = posts
  const { body = Buffer.alloc(0), headers = {} } = post ?? {}
  return { body, sha256: headers['x-hub-signature-256'], sha1: headers['x-hub-signature'] }
}

export const signatureRows: readonly Row[] = [
  {
    id: '5.3-sha256',
    section,
    mark: 'D',
    fact: 'X-Hub-Signature-256 is the HMAC-SHA256 of the bytes under the app secret [S1-44]',
    case: async (meta) => {
      const { body, sha256 } = await postOf(meta, 'Hi')
      expect(sha256).toBe(digest('sha256', body, meta.simulator.appSecret))
    },
  },
  {
    id: '5.3-sha1',
    section,
    mark: 'O',
    fact: 'X-Hub-Signature is the HMAC-SHA1 of the same bytes [S1-44]',
    case: async (meta) => {
      const { body, sha1 } = await postOf(meta, 'Hi')
      expect(sha1).toBe(digest('sha1', body, meta.simulator.appSecret))
    },
  },
  {
    id: '5.3-key',
    section,
    mark: 'O',
    fact: 'the key is the app secret, not the verify token',
    case: async (meta) => {
      const { body, sha256 } = await postOf(meta, 'Hi')
      expect(sha256).not.toBe(digest('sha256', body, meta.simulator.verifyToken))
    },
  },
  {
    id: '5.3-escaped',
    section,
    mark: 'D',
    fact: 'non-ASCII is written as lower-case escapes, so äöå is \\u00e4\\u00f6\\u00e5',
    case: async (meta) => {
      const { body } = await postOf(meta, 'äöå')
      expect(body.toString('latin1')).toContain('"text":"\\u00e4\\u00f6\\u00e5"')
    },
  },
  {
    id: '5.3-special',
    section,
    mark: 'D',
    fact: '/ is written \\/, < \\u003C, % \\u0025, @ \\u0040',
    case: async (meta) => {
      const { body } = await postOf(meta, '/<%@')
      expect(body.toString('latin1')).toContain('"text":"\\/\\u003C\\u0025\\u0040"')
    },
  },
  {
    id: '5.3-surrogates',
    section,
    mark: 'O',
    fact: 'characters beyond the basic plane are two escapes',
    case: async (meta) => {
      const { body } = await postOf(meta, '😀')
      expect(body.toString('latin1')).toContain('"text":"\\ud83d\\ude00"')
    },
  },
  {
    id: '5.3-wire',
    section,
    mark: 'O',
    fact: 'the body on the wire is in this form already: pure ASCII',
    case: async (meta) => {
      const { body } = await postOf(meta, 'äöå 😀 青い\u2028')
      expect(body.toString('latin1')).toMatch(/^[\u0020-\u007e]*$/)
    },
  },
  {
    id: '5.3-reserialised',
    section,
    mark: 'O',
    fact: 'a body that was parsed and written again no longer fits its signature [S1-44]',
    case: async (meta) => {
      const { body, sha256 } = await postOf(meta, 'äöå /')
      const again = JSON.stringify(JSON.parse(body.toString()))
      expect(digest('sha256', again, meta.simulator.appSecret)).not.toBe(sha256)
    },
  },
  {
    id: '5.3-other-secret',
    section,
    mark: 'O',
    fact: 'the secret of another app, or an older one, gives another signature',
    options: { webhooks: { weather: { signature: 'former-secret' } } },
    case: async (meta) => {
      const { body, sha256 } = await postOf(meta, 'Hi')
      const { appSecret, formerAppSecret } = meta.simulator
      expect(sha256).toBe(digest('sha256', body, formerAppSecret))
      expect(sha256).not.toBe(digest('sha256', body, appSecret))
    },
  },
  {
    id: '5.3-constant-time',
    section,
    mark: 'O',
    fact: 'a header that is no ASCII must be a clean 401 of the receiver',
    leftOut: 'it is a duty of the receiver, which the tests of the ingress show',
  },
  {
    id: '5.6-mtls',
    section: '5.6',
    mark: 'D',
    fact: 'on demand posts come with a client certificate of client.webhooks.fbclientcerts.com',
    leftOut: 'posts go over plain HTTP on loopback, where no certificate can be shown',
  },
]
