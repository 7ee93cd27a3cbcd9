import { createSecretKey } from 'node:crypto'
import type { ItemQuarantined, OptInReceived, PageEvent, QuarantinedItem } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { NO_PAGE, quarantineId } from '@otn/policy'
import { createIdentity } from '@otn/vault'
import { beforeEach, describe, expect, test } from 'vitest'
import { FAKE_ENV, run } from '../fake-shell.ts'
import { type FakeLog, fakeLogWithPage, fakeVault } from '../log/fake-log.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const KEPT_AT = Date.UTC(2026, 10, 20)
const TAPPED_AT = Date.UTC(2026, 10, 19)
const TOKEN = '4400000000000001'
const PERSONAL = /4400000000000|\b2000\b/
const identity = createIdentity(createSecretKey(Buffer.from(FAKE_ENV.OTN_PERSON_PEPPER)))

let log: FakeLog

beforeEach(async () => {
  log = await fakeLogWithPage()
  const rules = JSON.stringify([{ ruleId: 'same', ruleKind: 'identity', priority: 1 }])
  const about = { eventId: eventId('r'), pageId: pageId('1000'), at: 2, rulesVersion: 1 }
  const value: PageEvent = { type: 'TopicRuleSet', ...about, rules }
  log.append('page', { name: 'PageEvent', value, timestampMs: 2 })
})

const optIn = { type: 'one_time_notif_req', payload: 'sale', one_time_notif_token: TOKEN }
const tap = (more: object = {}) => ({
  ...{ sender: { id: '2000' }, recipient: { id: '1000' }, timestamp: TAPPED_AT, optin: optIn },
  ...more,
})

interface Kept {
  readonly reason?: string
  readonly page?: string
  readonly source?: string
}

/** Sets something aside as the ingress does; again it is the same fact. */
function keep(
  content: Readonly<Record<string, unknown>>,
  { reason = 'item-malformed', page = '1000', source = '/otn/ingress' }: Kept = {},
): string {
  const id = { page: pageId(page), reason, identifiedBy: JSON.stringify(content) }
  const about = { eventId: quarantineId(id, identity), pageId: id.page, at: KEPT_AT, reason }
  const context = { record: 'QuarantinedItem', eventId: about.eventId, owner: page }
  const value: ItemQuarantined = {
    ...{ type: 'ItemQuarantined', ...about, detail: 'a field', bodySha256: 'b'.repeat(64) },
    ...{ correlationId: 'c'.repeat(32), ...fakeVault().seal(content, context) },
  }
  const headers = { ce_source: source }
  log.append('quarantine', { name: 'QuarantinedItem', value, timestampMs: KEPT_AT, headers })
  return about.eventId
}

const consents = () => log.values('optIn') as readonly OptInReceived[]
const marks = () =>
  (log.values('quarantine') as readonly QuarantinedItem[]).filter(
    ({ type }) => type !== 'ItemQuarantined',
  )
const otn = (line: string, more: Partial<Parameters<typeof run>[1]> = {}) =>
  run(line, { log: log.opened, nowMs: NOW, env: { ...FAKE_ENV, USER: 'ada' }, ...more })
const json = async (line: string) => JSON.parse((await otn(`${line} --json`)).out)

describe('otn quarantine redrive', () => {
  test('gives an item the ids that its webhook would have given, by the rules of now [S0-26]', async () => {
    const id = keep({ item: tap() })
    const { code, out, err } = await otn('quarantine redrive --all --yes')
    expect([code, err]).toEqual([0, expect.stringContaining('1 of 1 entries done')])
    expect(consents()).toMatchObject([
      {
        eventId: '0a719c618eb4f863c1861cd8fb659235',
        person: 'sStxGmklUR7y9IbqqR-AlG',
        tokenId: '19342fe8002e6df3cf684809ae863aef',
        ...{ topic: 'sale', topicRule: 'same', origin: 'webhook', grantedAt: TAPPED_AT },
        // Received then, not now.
        ...{ at: KEPT_AT, correlationId: 'c'.repeat(32) },
      },
    ])
    const [mark] = marks()
    expect(mark).toMatchObject({ type: 'ItemRedriven', resolves: id, resolvedBy: 'ada', at: NOW })
    expect(mark?.redrivenAs).toBe('0a719c618eb4f863c1861cd8fb659235')
    expect(`${out}${err}`).not.toMatch(PERSONAL)
  })

  test('adds nothing the second time, nor for what came by webhook meanwhile', async () => {
    keep({ item: tap() })
    await otn('quarantine redrive --all --yes')
    const again = await json('quarantine redrive --all --yes')
    expect(again).toMatchObject({ published: false, consents: 0, redriven: 0, left: 0 })
    const id = keep({ item: { ...tap(), standby: true } })
    const { consents: count, redriven } = await json('quarantine redrive --all --yes')
    expect([count, redriven, consents().length]).toEqual([0, 1, 1])
    expect(marks().map(({ resolves }) => resolves)).toContain(id)
  })

  test('sends a plan to nobody: a dry run, and a no, publish nothing', async () => {
    keep({ item: tap() })
    const dry = await otn('quarantine redrive --all --dry-run')
    expect(dry.out).toMatch(/1000 +sale +1/)
    const asked = await otn('quarantine redrive --all', { typed: 'no' })
    expect(asked.err).toContain('1 token will count as consent.')
    expect([dry.code, asked.code, consents(), marks()]).toEqual([0, 5, [], []])
  })

  test.each([
    [
      'a page that is not connected',
      tap({ recipient: { id: '1009' } }),
      '1009',
      /page 1009 is not/,
    ],
    ['a field that is missing still', tap({ sender: {} }), '1000', /item-malformed: .*sender\.id/],
    ['a kind nobody knows', tap({ optin: { type: 'new' } }), '1000', /optin-kind-unknown/],
    ['no consent', { sender: { id: '2000' }, message: 5 }, '1000', /no-consent/],
  ])('says why it cannot, and leaves it open: %s', async (_title, item, page, why) => {
    keep({ item }, { page })
    const { code, out, err } = await otn('quarantine redrive --all --yes')
    expect([code, consents(), marks()]).toEqual([1, [], []])
    expect(out).toMatch(why)
    expect(`${out}${err}`).not.toMatch(PERSONAL)
  })

  test('takes the recipient for the page only where a person says so [S1-06]', async () => {
    keep({ item: tap() }, { page: '0', reason: 'page-mismatch' })
    const { out, code } = await otn('quarantine redrive --all --dry-run')
    expect([code, out]).toEqual([1, expect.stringContaining('--as-page 1000 if it is it')])
    expect((await otn('quarantine redrive --all --as-page 1000 --yes')).code).toBe(0)
    expect(consents()).toMatchObject([{ pageId: '1000', tokenId: expect.stringMatching(/^1934/) }])
    expect((await otn('quarantine redrive --all --as-page 1009')).code).toBe(3)
  })

  test('takes what can be used of a body, and keeps the rest open', async () => {
    const entries = [{ id: '1000', messaging: [tap(), tap({ sender: {} }), { read: {} }] }]
    const text = JSON.stringify({ object: 'page', entry: entries })
    const content = { body: Buffer.from(text).toString('base64'), encoding: 'base64' }
    keep(content, { page: NO_PAGE, reason: 'body-malformed' })
    expect(await json('quarantine redrive --all --yes')).toMatchObject({ consents: 1, left: 1 })
    expect(await json('quarantine redrive --all --yes')).toMatchObject({ consents: 0, left: 1 })
    expect([consents().length, marks()]).toEqual([1, []])
  })

  test('reads a line of an imported file as the import does', async () => {
    const item = { pageId: '1000', psid: '2000', token: TOKEN, payload: 'sale' }
    const dated = (grantedAt: string) => ({ item: { ...item, grantedAt } })
    keep(dated('2026-11-21T00:00:00Z'), { source: '/otn/cli' })
    keep(dated('2030-01-01T00:00:00Z'), { source: '/otn/cli' })
    const { out } = await otn('quarantine redrive --all --yes')
    expect(out).toContain('grantedAt (not yet); mend the file and import it')
    expect(consents()).toMatchObject([{ origin: 'import', grantedAt: Date.UTC(2026, 10, 21) }])
  })

  test('opens nothing with other keys, and says so', async () => {
    keep({ item: tap() })
    const env = {
      ...FAKE_ENV,
      USER: 'ada',
      OTN_MASTER_KEY: `k1:${Buffer.alloc(32, 9).toString('base64')}`,
    }
    const { code, out } = await otn('quarantine redrive --all --yes', { env })
    expect([code, consents()]).toEqual([1, []])
    expect(out).toContain('seal-broken: its seal does not open')
  })

  test('cut off between consent and mark, it goes on: nothing twice, nothing lost', async () => {
    const ids = [keep({ item: tap() }), keep({ item: tap({ timestamp: TAPPED_AT + 1 }) })]
    const calls = { left: 1 }
    const { bus, codec } = log.opened
    const appender: typeof bus.appender = (options) => {
      const whole = bus.appender(options)
      const append: typeof whole.append = async (records) => {
        calls.left -= 1
        if (calls.left < 0) throw new Error('cut off')
        return whole.append(records)
      }
      return { append } as never
    }
    const cut = { bus: { ...bus, appender }, codec }
    expect((await otn('quarantine redrive --all --yes', { log: cut })).code).toBe(1)
    expect([consents().length, marks().length]).toEqual([1, 0])
    expect((await otn('quarantine redrive --all --yes')).code).toBe(0)
    expect(consents()).toHaveLength(1)
    expect(marks().map(({ resolves }) => resolves)).toEqual(ids)
  })

  test.each([
    ['quarantine redrive', '<ids>: got nothing, wanted ids, --page, --reason or --all'],
    ['quarantine redrive abc', '<ids>: got a text of 3 characters'],
    ['quarantine drop --all --because " "', '--because: got 0 characters'],
    ['quarantine drop --all --because "ada@example.com"', '--because: got a text with'],
  ])('%s ends with 2 and says what was wanted', async (line, said) => {
    const { code, err } = await otn(line)
    expect([code, err.includes(said) ? said : err]).toEqual([2, said])
  })
})

test('asks who does it before it shows a plan, and not in a dry run', async () => {
  const { code, err } = await otn('quarantine redrive --all --yes', { env: FAKE_ENV })
  expect([code, err]).toEqual([2, expect.stringContaining('--by: got nothing')])
  expect((await otn('quarantine redrive --all --dry-run', { env: FAKE_ENV })).code).toBe(0)
})

describe('otn quarantine', () => {
  test('lists what is open by time, page, reason and count, and nobody’s data', async () => {
    keep({ item: tap() })
    keep({ item: tap() })
    const dropped = keep({ item: 7 }, { reason: 'body-malformed', page: NO_PAGE })
    await otn(`quarantine drop ${dropped} --because "a test" --yes`)
    const { out } = await otn('quarantine list')
    expect(out).toMatch(/2026-11-20 00:00:00\.000Z +1000 +item-malformed +open +2 /)
    expect(out).not.toMatch(/body-malformed/)
    const all = await json('quarantine list --state all')
    expect(all).toMatchObject({ chosen: 2, byState: { open: 1, redriven: 0, dropped: 1 } })
    expect(JSON.stringify(all)).not.toMatch(PERSONAL)
    const byReason = await json('quarantine list --state dropped --reason body-malformed')
    expect(byReason.entries).toMatchObject([{ resolution: { by: 'ada', dropReason: 'a test' } }])
  })

  test('shows the shape of an item, its values on demand, and its token never', async () => {
    const id = keep({ item: tap() })
    const masked = await otn(`quarantine show ${id} --json`)
    expect(masked.out).not.toMatch(PERSONAL)
    const { holds } = JSON.parse(masked.out)
    expect(holds.sender).toEqual({ id: 'text of 4' })
    const whole = await json(`quarantine show ${id} --personal`)
    expect(whole.holds).toMatchObject({ sender: { id: '2000' }, optin: { payload: 'sale' } })
    expect(JSON.stringify(whole)).not.toContain(TOKEN)
    const { OTN_MASTER_KEY: _key, ...env } = FAKE_ENV
    expect((await otn(`quarantine show ${id}`, { env })).out).toContain('set OTN_MASTER_KEY')
  })

  test('shows a body that is no JSON without anything that may be a token', async () => {
    const body = Buffer.from(`{"one_time_notif_token":"${TOKEN}","payload":"sa`).toString('base64')
    const id = keep({ body, encoding: 'base64' }, { reason: 'body-not-json', page: NO_PAGE })
    expect((await json(`quarantine show ${id}`)).holds).toBe('56 bytes')
    const { holds } = await json(`quarantine show ${id} --personal`)
    expect(holds).toContain('payload')
    expect(holds).not.toContain(TOKEN)
  })

  test('drops for good, with a reason; what is delivered again stays dropped', async () => {
    const id = keep({ item: tap() })
    const asked = await otn('quarantine drop --all --because "a test call"', { typed: 'no' })
    expect([asked.code, marks()]).toEqual([5, []])
    await otn('quarantine drop --all --because "a test call" --yes')
    keep({ item: tap() })
    expect(await json('quarantine redrive --all --yes')).toMatchObject({ consents: 0 })
    expect(marks()).toMatchObject([
      { type: 'ItemDropped', resolves: id, dropReason: 'a test call' },
    ])
    expect((await otn(`quarantine show ${'0'.repeat(32)}`)).code).toBe(3)
  })
})
