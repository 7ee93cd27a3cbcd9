import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { allKafkaTopics } from '@otn/contracts'
import { describe, expect, inject, test } from 'vitest'
import { call, identityOf, notifierOf, readLog, untilTokenState } from './src/system.ts'
import { postOptIn } from './src/webhook.ts'

const stack = inject('stack')
const home = inject('stackHome')
const page = stack.pages[0]?.pageId ?? ''
const identity = identityOf(stack)
const planted = {
  psid: '771234509876543',
  token: '4409876543210987',
  payload: 'otn1:restock-1234:planted-context-77',
}
const TEXT = 'planted text of a notification'
const needles = [planted.psid, planted.token, planted.payload, 'planted-context-77', TEXT]

const found = (text: string) => needles.filter((needle) => text.includes(needle))

describe('[D-09] what identifies or empowers a person', () => {
  test('stands in no log, metric, header, answer, and in no byte of an events topic', async () => {
    expect((await postOptIn(stack, { pageId: page, ...planted })).status).toBe(200)
    const id = identity.token(page, planted.token)
    await untilTokenState(stack, id, 'live')
    await using notifier = await notifierOf(stack)
    const { commandId } = await notifier.notify({
      pageId: page,
      to: { psid: planted.psid, topic: 'restock-1234' },
      text: TEXT,
    })
    await notifier.outcome(commandId, { pageId: page, waitMs: 60_000 })

    const topics = allKafkaTopics.filter(({ kind }) => kind !== 'command')
    const records = await readLog(
      stack,
      topics.map(({ alias }) => alias),
    )
    expect(records.some(({ key }) => key === identity.person(page, planted.psid))).toBe(true)
    for (const { raw, key, headers, topic } of records) {
      expect(found(raw.toString('latin1') + raw.toString('utf8')), topic).toEqual([])
      expect(found(key + JSON.stringify(headers)), topic).toEqual([])
    }
    const logs = readdirSync(join(home, 'logs')).filter((file) => !file.startsWith('simulator'))
    expect(logs.length).toBeGreaterThan(2)
    for (const file of logs)
      expect(found(readFileSync(join(home, 'logs', file), 'utf8')), file).toEqual([])
    const { apiKey, ingressUrl, ledgerUrl, dispatcherUrl } = stack
    for (const url of [ingressUrl, ledgerUrl, dispatcherUrl]) {
      expect(found((await call(`${url}/metrics`)).text), url).toEqual([])
    }
    const raw = [planted.token, planted.psid]
    const answers = [
      await call(`${ledgerUrl}/v1/tokens/${id}`, { key: apiKey }),
      await call(`${ledgerUrl}/v1/tokens/${id}/history`, { key: apiKey }),
      await call(`${ledgerUrl}/v1/pages/${page}/tokens?limit=200`, { key: apiKey }),
      await call(`${ledgerUrl}/v1/pages/${page}/persons/${planted.psid}/tokens`, { key: apiKey }),
      await call(`${dispatcherUrl}/v1/pages/${page}/notifications/${commandId}`, { key: apiKey }),
      await call(`${ledgerUrl}/v1/candidates`, {
        method: 'POST',
        key: apiKey,
        body: { items: [{ pageId: page, psid: planted.psid, topic: 'restock-1234' }] },
      }),
    ]
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      expect(raw.filter((needle) => text.includes(needle))).toEqual([])
    }
  })

  test('every record of every Kafka topic can be read with the registry alone', async () => {
    const records = await readLog(
      stack,
      allKafkaTopics.map(({ alias }) => alias),
    )
    expect(records.length).toBeGreaterThan(10)
  })
})
