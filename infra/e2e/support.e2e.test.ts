import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { otn } from './src/otn.ts'
import { identityOf, notifierOf, untilTokenState } from './src/system.ts'
import { postOptIn } from './src/webhook.ts'

const stack = inject('stack')
const home = inject('stackHome')
const page = stack.pages[0]?.pageId ?? ''
const planted = {
  psid: '771239509876544',
  token: '4409876543210999',
  payload: 'otn1:restock-1234:planted-support-78',
}
const TEXT = 'planted text for the support bundle'

describe('[S0-30] a support bundle of a running stack', () => {
  test('reads every part, is for its owner alone, and holds no secret and nobody', async () => {
    const identity = identityOf(stack)
    expect((await postOptIn(stack, { pageId: page, ...planted })).status).toBe(200)
    await untilTokenState(stack, identity.token(page, planted.token), 'live')
    await using notifier = await notifierOf(stack)
    const to = { psid: planted.psid, topic: 'no-such-topic' }
    const { commandId } = await notifier.notify({ pageId: page, to, text: TEXT })
    await notifier.outcome(commandId, { pageId: page, waitMs: 60_000 })

    const file = join(mkdtempSync(join(tmpdir(), 'otn-support-')), 'bundle.json')
    const { code, out } = await otn(home, ['support', 'bundle', '--out', file, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ file, unread: [] })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'utf8')
    const { appSecret, apiKey, masterKey, personPepper, verifyToken } = stack
    const secrets = [appSecret, apiKey, masterKey, personPepper, verifyToken]
    const person = identity.person(page, planted.psid)
    const needles = [...Object.values(planted), 'planted-support-78', TEXT, person, commandId]
    for (const needle of [...secrets, ...needles]) expect(text).not.toContain(needle)
    const bundle = JSON.parse(text)
    expect(bundle.doctor.lines.length).toBeGreaterThan(15)
    const sizes: readonly { readonly records: number }[] = bundle.kafkaTopics
    expect(sizes.some(({ records }) => records > 0)).toBe(true)
    expect(bundle.failures[0]).toMatchObject({ type: expect.stringMatching(/Failed|Rejected/) })
  })
})
