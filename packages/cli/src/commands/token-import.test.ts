import { createSecretKey } from 'node:crypto'
import type { ItemQuarantined, OptInReceived, PageEvent } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { createVault, parseMasterKeys, pepperCheck } from '@otn/vault'
import { beforeEach, describe, expect, test } from 'vitest'
import { FAKE_ENV, run } from '../fake-shell.ts'
import { type FakeLog, fakeLogWithPage } from '../log/fake-log.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const TOKEN = '4400000000000001'
const check = pepperCheck(createSecretKey(Buffer.from(FAKE_ENV.OTN_PERSON_PEPPER)))
const HEADER = 'pageId,psid,token,payload,grantedAt'
const GOOD = `1000,2000,${TOKEN},sale,2026-11-01T00:00:00Z`
const PERSONAL = /4400000000000|2000|mail@example/

let log: FakeLog

beforeEach(async () => {
  log = await fakeLogWithPage()
  const rules = JSON.stringify([{ ruleId: 'same', ruleKind: 'identity', priority: 1 }])
  const about = { eventId: eventId('r'), pageId: pageId('1000'), at: 2, rulesVersion: 1 }
  const value: PageEvent = { type: 'TopicRuleSet', ...about, rules }
  log.append('page', { name: 'PageEvent', value, timestampMs: 2 })
})

const consents = () => log.values('optIn') as readonly OptInReceived[]
const quarantined = () => log.values('quarantine') as readonly ItemQuarantined[]
const otn = (line: string, rows: readonly string[], typed?: string) =>
  run(line, {
    log: log.opened,
    nowMs: NOW,
    files: { '/repo/t.csv': [HEADER, ...rows, ''].join('\n'), '/repo/t.jsonl': rows.join('\n') },
    ...(typed === undefined ? {} : { typed }),
  })

function opened(value: OptInReceived | ItemQuarantined, owner: string): unknown {
  const parsed = parseMasterKeys(FAKE_ENV.OTN_MASTER_KEY)
  if ('fault' in parsed) throw new Error(parsed.fault)
  const record = value.type === 'OptInReceived' ? 'OptInReceived' : 'QuarantinedItem'
  return createVault(parsed.keys).open(value, { record, eventId: value.eventId, owner })
}

describe('otn token import', () => {
  test('gives a token the ids and the topic that its webhook gives it [S0-21]', async () => {
    const { code, out, err } = await otn('tokens import t.csv --yes', [GOOD])
    expect([code, err]).toEqual([0, expect.stringContaining('1 of 1 acknowledged')])
    expect(consents()).toMatchObject([
      {
        eventId: '0a719c618eb4f863c1861cd8fb659235',
        person: 'sStxGmklUR7y9IbqqR-AlG',
        tokenId: '19342fe8002e6df3cf684809ae863aef',
        ...{ topic: 'sale', topicRule: 'same', origin: 'import', at: NOW },
        grantedAt: Date.UTC(2026, 10, 1),
      },
    ])
    const [consent] = consents()
    const content = consent && opened(consent, consent.person)
    expect(content).toEqual({ psid: '2000', token: TOKEN, payload: 'sale' })
    expect(`${out}${err}`).not.toContain(TOKEN)
  })

  test.each([
    ['OTN_MASTER_KEY', `k1:${Buffer.alloc(32, 9).toString('base64')}`],
    ['OTN_PERSON_PEPPER', 'another-pepper'],
  ])('publishes nothing under another %s than the deployment has', async (name, value) => {
    const at = { pageId: pageId('unknown'), at: 0, pepperCheck: check }
    const pinned: PageEvent = { type: 'DeploymentPinned', eventId: eventId('p'), ...at }
    log.append('page', { name: 'PageEvent', value: pinned, timestampMs: 0 })
    const { code, err } = await run('token import t.csv --yes', {
      ...{ log: log.opened, nowMs: NOW, files: { '/repo/t.csv': [HEADER, GOOD].join('\n') } },
      env: { ...FAKE_ENV, [name]: value },
    })
    expect([code, consents()]).toEqual([78, []])
    expect(err).toContain(name)
  })

  test('adds nothing the second time, nor for a line that stands twice', async () => {
    const rows = [GOOD, GOOD, '1000,2000,,sale,1']
    await otn('token import t.csv --yes', rows)
    const { code, out, err } = await otn('token import t.csv --yes --json', rows)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ tokens: 0, quarantined: 0, unchanged: 2, repeated: 1 })
    expect(err).toContain('0 published, 0 to quarantine, 2 unchanged')
    expect([consents().length, quarantined().length]).toEqual([1, 1])
  })

  test('goes on with what is missing after a cut', async () => {
    await otn('token import t.csv --yes', [GOOD])
    await otn('token import t.csv --yes', [GOOD, '1000,2001,45,sale,1790000000'])
    expect(consents().map(({ grantedAt }) => grantedAt)).toEqual([
      Date.UTC(2026, 10, 1),
      1_790_000_000_000,
    ])
  })

  test('keeps a line that cannot be read, sealed under its page, and takes the others', async () => {
    const rows = ['1000,2000,,sale,1760000000', GOOD, `,2000,${TOKEN}9,sale,2030-01-01T00:00:00Z`]
    const { out, err } = await otn('token import t.csv --yes', rows)
    expect(out).toContain('line 2 cannot be read: token\nline 4 cannot be read: pageId, grantedAt')
    expect(err).toContain('1 published, 2 to quarantine')
    expect(quarantined()).toMatchObject([
      { pageId: '1000', reason: 'item-malformed', detail: expect.stringContaining('line 2 ') },
      { pageId: 'unknown', reason: 'item-malformed' },
    ])
    const [first] = quarantined()
    expect(first && opened(first, '1000')).toMatchObject({ item: { psid: '2000' } })
    expect(`${out}${err}${quarantined().map(({ detail }) => detail)}`).not.toMatch(PERSONAL)
  })

  test('shows a plan, and publishes nothing without a yes', async () => {
    const rows = [
      GOOD,
      '1000,2001,4400000000000002,mail@example.com,2026-11-01T00:00:00Z',
      '1000,2002,4400000000000003,sale,2024-11-01T00:00:00Z',
    ]
    const dry = await otn('token import t.csv --dry-run', rows)
    expect(dry.out).toMatch(/1000 +no rule names one +1 +0\n1000 +sale +2 +1\n1 without a topic/)
    expect(dry.out).toContain('1 with a payload that carries personal-data:')
    expect(dry.out).toContain('1 older than a year: kept as history')
    const asked = await otn('token import t.csv', rows, 'no')
    expect(asked.err).toContain('3 tokens will count as consent.')
    expect([dry.code, asked.code, consents()]).toEqual([0, 5, []])
    expect(`${dry.out}${dry.err}${asked.out}${asked.err}`).not.toMatch(/44000000|mail@example|2001/)
    expect((await otn('token import t.csv', rows, 'yes')).code).toBe(0)
    expect(consents()).toHaveLength(3)
  })

  test('takes one JSON object a line', async () => {
    const line = `{"pageId":1000,"psid":2000,"token":${TOKEN},"payload":"","grantedAt":1790000000}`
    const { code, out } = await otn('token import t.jsonl --yes --json', [line, 'planted'])
    expect([code, quarantined().map(({ reason }) => reason)]).toEqual([0, ['body-not-json']])
    expect(consents()[0]).toMatchObject({ tokenId: '19342fe8002e6df3cf684809ae863aef' })
    expect(JSON.parse(out)).toMatchObject({ published: true, tokens: 1, unmapped: 1 })
  })

  test('refuses the whole file where a page is not connected', async () => {
    const rows = [GOOD, '1001,2000,45,sale,1790000000']
    const { code, err } = await otn('token import t.csv --yes', rows)
    expect(err).toContain('<file>: got tokens of page 1001, wanted pages that are connected here')
    expect(err).toContain('next: pnpm otn pages import pages.json')
    expect([code, consents()]).toEqual([3, []])
  })

  test.each([
    ['token import t.txt', '--format: got nothing, wanted csv or jsonl'],
    ['token import no.csv', '<file>: got /repo/no.csv, wanted a file that can be read'],
    ['token import t.jsonl --format csv', '<file>: got no pageId, psid'],
    ['token import t.csv', '--yes: got nothing, and no terminal to ask at'],
  ])('%s ends with 2 and says what was wanted', async (line, said) => {
    const { code, err } = await otn(line, [GOOD])
    expect([code, err.includes(said) ? said : err]).toEqual([2, said])
    expect(consents()).toEqual([])
  })
})
