import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { curlOfCall, curlOfWebhook } from './curl.ts'

const body = `{"recipient":{"one_time_notif_token":"44001"},"message":{"text":"It's back"}}`

/** What a shell makes of a command line, with `curl` printing its arguments. */
function run(commands: string, env: Record<string, string> = {}): readonly string[] {
  const script = `curl() { for each in "$@"; do printf '%s\\n' "$each"; done; }\n${commands}`
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}\n`)
  const out = execFileSync('sh', ['-c', `${set.join('')}${script}`], { encoding: 'utf8' })
  return out.split('\n')
}

describe('a request as a command line', () => {
  test('carries no access token, no proof and no one-time token', () => {
    const line = curlOfCall({
      method: 'POST',
      url: 'http://localhost:1/v21.0/me/messages?appsecret_proof=c0ffee&access_token=EAA1',
      headers: { authorization: 'Bearer EAA2', host: 'x', 'content-type': 'application/json' },
      body,
    })
    expect(line).not.toMatch(/EAA|c0ffee|44001/)
    const args = run(line, { PAGE_ACCESS_TOKEN: 'EAA', APPSECRET_PROOF: 'c0' })
    const address = 'http://localhost:1/v21.0/me/messages?appsecret_proof=c0&access_token=EAA'
    expect(args).toContain(address)
    expect(args).toContain('authorization: Bearer EAA')
    expect(args).toContain(body.replace('44001', 'ONE_TIME_TOKEN'))
    expect(args).not.toContain('host: x')
  })

  test('of a webhook is signed anew, over the very bytes that it posts', () => {
    const args = run(curlOfWebhook({ url: 'http://localhost:1/webhook', body }), {
      META_APP_SECRET: 'secret',
    })
    const posted = args.at(-2) ?? ''
    const signature = createHmac('sha256', 'secret').update(posted).digest('hex')
    expect(posted).toContain(`It's back`)
    expect(args).toContain(`x-hub-signature-256: sha256=${signature}`)
  })
})
