/** An item that a real ingress could not use, taken up again from the command line. */
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { otn } from './src/otn.ts'
import { call, identityOf, readLog, untilTokenState } from './src/system.ts'
import { escaped, optInItem, post } from './src/webhook.ts'

const stack = inject('stack')
const home = inject('stackHome')
const folder = mkdtempSync(join(tmpdir(), 'otn-redrive-'))

/** Connected by this file alone; others look at the pages of the stack. */
const later: string[] = []

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  for (const pageId of later) {
    const { err } = await otn(home, ['pages', 'disconnect', pageId, '--force', '--yes'])
    expect(err).toBe('')
  }
})

const digits = (length = 14) => Array.from({ length }, () => randomInt(1, 10)).join('')

async function json(...args: readonly string[]) {
  const { code, out, err } = await otn(home, [...args, '--json'])
  return { code, err, body: JSON.parse(out || '{}') }
}

describe('an item in quarantine', () => {
  test('[S0-26] [S1-06] of a page that is connected later becomes one live token, however often', async () => {
    // Its entry names nobody's page, as the platform's test calls do; its recipient is the page.
    const [entryId, pageId, psid, token] = [digits(), digits(), digits(), digits()]
    const item = optInItem({ pageId, psid, token, payload: 'otn1:restock-1:' })
    const body = escaped({ object: 'page', entry: [{ id: entryId, time: 1, messaging: [item] }] })
    expect((await post(stack, body)).status).toBe(200)
    const about = ['--page', entryId, '--reason', 'page-mismatch']
    const { body: listed } = await json('quarantine', 'list', ...about)
    expect(listed.entries).toMatchObject([{ times: 1, state: 'open' }])
    const redrive = ['quarantine', 'redrive', ...about, '--by', 'e2e']
    const strange = await otn(home, [...redrive, '--as-page', pageId, '--yes'])
    expect([strange.code, strange.err]).toEqual([3, expect.stringContaining('is connected here')])

    const file = join(folder, 'pages.json')
    const page = { pageId, name: 'Later', appId: stack.appId, accessToken: 'T', topics: [] }
    writeFileSync(file, JSON.stringify([{ ...page, topicRules: [] }]))
    later.push(pageId)
    expect((await otn(home, ['pages', 'import', file])).code).toBe(0)
    const plan = await otn(home, [...redrive, '--dry-run'])
    expect([plan.code, plan.out]).toEqual([1, expect.stringContaining(`--as-page ${pageId}`)])
    const done = await json(...redrive, '--as-page', pageId, '--yes')
    expect(done).toMatchObject({ code: 0, body: { published: true, consents: 1, left: 0 } })
    const again = await json(...redrive, '--as-page', pageId, '--yes')
    expect(again.body).toMatchObject({ published: false, consents: 0 })

    const tokenId = identityOf(stack).token(pageId, token)
    await untilTokenState(stack, tokenId, 'live')
    const url = `${stack.ledgerUrl}/v1/pages/${pageId}/tokens`
    const { body: held } = await call(url, { key: stack.apiKey })
    expect(held.items).toMatchObject([{ tokenId, topic: 'restock-1', state: 'live' }])
    const facts = (await readLog(stack, ['optIn'])).filter(
      ({ value }) => 'tokenId' in value && value.tokenId === tokenId,
    )
    expect(facts).toHaveLength(1)
    // Delivered once more by the platform it is the same entry, and stays resolved.
    expect((await post(stack, body)).status).toBe(200)
    const { body: after } = await json('quarantine', 'list', ...about, '--state', 'all')
    expect(after.entries).toMatchObject([{ times: 2, state: 'redriven' }])
    expect(JSON.stringify([listed, done, after, plan])).not.toMatch(new RegExp(`${psid}|${token}`))
  })
})
