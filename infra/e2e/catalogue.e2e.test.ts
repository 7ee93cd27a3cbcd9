/** The topics of a page, from their declaration to the message, by the real command line. */
import { randomInt } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@otn/engines'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { auditOf } from './src/audit.ts'
import { otn } from './src/otn.ts'
import { call, identityOf, notifierOf, readLog, truth, untilTokenState } from './src/system.ts'
import { tap } from './src/tap.ts'

const stack = inject('stack')
const home = inject('stackHome')
const page = stack.pages.at(-1)?.pageId ?? ''
const identity = identityOf(stack)
const mark = randomInt(10 ** 6, 10 ** 7)
const TOPIC = `sale-${mark}`
/** No rule of a development stack names it: it is no topic by itself. */
const FOREIGN = `SALE ${mark}/autumn`
const ODD = `Something else ${mark}`

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-catalogue-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

type Answer = Readonly<Record<string, unknown>>

/** A command line that has to succeed. */
async function json(...args: readonly string[]): Promise<Answer> {
  const { code, out, err } = await otn(home, [...args, '--json'])
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

const ledger = async (path: string): Promise<Answer> =>
  (await call(`${stack.ledgerUrl}${path}`, { key: stack.apiKey })).body

/** Somebody who tapped on a question of another tool; the token is folded. */
async function consentTo(payload: string) {
  const { psid, token } = await tap(stack, { page, topic: TOPIC, payload })
  const id = identity.token(page, token)
  await untilTokenState(stack, id, 'live')
  return { psid, token, id, topic: (await ledger(`/v1/tokens/${id}`)).topic }
}

async function ruleOf(id: string): Promise<unknown> {
  const facts = (await readLog(stack, ['optIn'])).map(({ value }) => value)
  const fact = facts.find((one) => 'tokenId' in one && one.tokenId === id)
  return fact && 'topicRule' in fact ? fact.topicRule : undefined
}

async function notify(source: string, to: { readonly tokenId: string; readonly topic: string }) {
  await using notifier = await notifierOf(stack, source)
  const { commandId } = await notifier.notify({ pageId: page, to, text: 'The sale begins.' })
  // Awaited here: a notifier that is closed ends its waits.
  return await notifier.outcome(commandId, { pageId: page, waitMs: 60_000 })
}

/** Every item of a list of the ledger, page by page. */
async function allOf(path: string): Promise<readonly Answer[]> {
  const found: Answer[] = []
  for (let after = ''; ; ) {
    const { items, next } = await ledger(`${path}?limit=200${after}`)
    found.push(...(items as readonly Answer[]))
    if (next === null) return found
    after = `&after=${next}`
  }
}

describe('the topics of a page', () => {
  test('[S1-16] a topic is declared with its purpose, and a rule tried before it is set', async () => {
    const about = ['--purpose', 'When a sale begins', '--category', 'shop']
    const declared = ['catalogue', 'declare', '--page', page, '--topic', TOPIC, ...about]
    await json(...declared, '--may-notify', 'shop,e2e')
    const rules = [
      { ruleId: 'identity', kind: 'identity', priority: 100 },
      { ruleId: 'sale', kind: 'regexp', pattern: `^SALE ${mark}/`, topic: TOPIC, priority: 1 },
    ]
    const file = join(folder, 'rules.json')
    await writeFile(file, JSON.stringify(rules))
    const set = ['catalogue', 'rules', '--page', page, '--file', file, '--sample', FOREIGN]
    const samples = [
      { payload: FOREIGN, before: { topic: null }, after: { topic: TOPIC, topicRule: 'sale' } },
    ]
    expect(await json(...set, '--dry-run')).toMatchObject({ published: false, samples })
    const { rulesVersion } = await json(...set)
    expect(await json(...set)).toMatchObject({ published: false, rulesVersion })
    const topics = async () => (await ledger(`/v1/pages/${page}/topics`)).rulesVersion
    await expect.poll(topics, { timeout: 60_000 }).toBe(rulesVersion)
  })

  test('[S1-06] a payload of another tool is named by the rules of its page, and by no other’s', async () => {
    const named = async () => (await consentTo(FOREIGN)).topic === TOPIC
    await waitFor(named, { timeoutMs: 60_000, describe: 'the ingress to know the rules' })
    const { id, topic } = await consentTo(FOREIGN)
    expect([topic, await ruleOf(id)]).toEqual([TOPIC, 'sale'])
    const first = stack.pages[0]?.pageId ?? ''
    const elsewhere = await tap(stack, { page: first, topic: TOPIC, payload: FOREIGN })
    const other = identity.token(first, elsewhere.token)
    await untilTokenState(stack, other, 'live')
    expect((await ledger(`/v1/tokens/${other}`)).topic).toBeNull()
  })

  test('[S1-17] on a token that nobody named nothing goes out, until a fact says its topic', async () => {
    const { id, token, topic } = await consentTo(ODD)
    expect(topic).toBeNull()
    const to = { tokenId: id, topic: TOPIC }
    expect(await notify('shop', to)).toMatchObject({ state: 'failed', reason: 'topic-unmapped' })
    const { items } = await json('token', 'list', '--page', page, '--unmapped')
    expect(items).toContainEqual(expect.objectContaining({ tokenId: id, topic: null }))
    const assign = ['token', 'assign', '--page', page, '--topic', TOPIC, id]
    expect(await json(...assign, '--yes')).toMatchObject({ assigned: [{ tokenId: id }] })
    const assigned = async () => (await ledger(`/v1/tokens/${id}`)).topic
    await expect.poll(assigned, { timeout: 60_000 }).toBe(TOPIC)
    expect(await json(...assign, '--yes')).toMatchObject({ assigned: [] })
    expect(await notify('shop', to)).toMatchObject({ state: 'sent' })
    expect((await truth(stack, token)).deliveries).toHaveLength(1)
  })

  test('[S1-17] who is not named by the topic is refused by name, without a call', async () => {
    const { id, token } = await consentTo(FOREIGN)
    const to = { tokenId: id, topic: TOPIC }
    const refusal = { state: 'failed', reason: 'requester-not-allowed' }
    expect(await notify('crm', to)).toMatchObject(refusal)
    const seen = await truth(stack, token)
    expect([seen.deliveries, seen.tokens[0]?.calls]).toEqual([[], 0])
    expect(await notify('shop', to)).toMatchObject({ state: 'sent' })
  })

  test('[S0-23] [S1-29] [S1-40] the lists hold all that Meta knows and lists to nobody', async () => {
    const { tokens } = (await call(`${stack.simulatorUrl}/_sim/truth?pageId=${page}&limit=1000`))
      .body as { readonly tokens: readonly { readonly token: string; readonly psid: string }[] }
    expect(tokens.length).toBeGreaterThan(3)
    const listed = (await allOf(`/v1/pages/${page}/tokens`)).map(({ tokenId }) => tokenId)
    const people = (await allOf(`/v1/pages/${page}/persons`)).map(({ person }) => person)
    expect([new Set(listed).size, new Set(people).size]).toEqual([listed.length, people.length])
    const known = tokens.map(({ token }) => identity.token(page, token))
    expect(listed).toEqual(expect.arrayContaining(known))
    const holders = tokens.map(({ psid }) => identity.person(page, psid))
    expect(people).toEqual(expect.arrayContaining([...new Set(holders)]))
    const onTopic = await json('person', 'list', '--page', page, '--topic', TOPIC)
    const counted = await json('catalogue', 'list', '--page', page)
    const [topic] = (counted.topics as readonly Answer[]).filter((one) => one.topic === TOPIC)
    const sum = (onTopic.items as readonly { readonly tokens: number }[]).reduce(
      (total, one) => total + one.tokens,
      0,
    )
    expect(topic).toMatchObject({ isDeclared: true, category: 'shop', tokens: sum })
    expect(topic?.states).toMatchObject({ redeemed: 2, live: sum - 2 })
  })

  test('[D-05] a rebuilt ledger says the same, and the auditor finds no broken promise', async () => {
    const before = await json('ledger', 'digest')
    const rebuilt = await json('ledger', 'rebuild', '--wait')
    expect(rebuilt).toMatchObject({ state: 'done', comparison: { equal: true } })
    expect((await json('ledger', 'digest')).digest).toBe(before.digest)
    expect((await auditOf(stack)).findings).toEqual([])
  })
})
