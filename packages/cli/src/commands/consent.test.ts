import { createFakeNotifier } from '@otn/client/testing'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const WITHDRAW = 'consent withdraw --page 1000'
const TOKEN = '19342fe8002e6df3cf684809ae863aef'
const PERSON = 'sStxGmklUR7y9IbqqR-AlG'

describe('otn cancel', () => {
  test('publishes the cancel of one command, and says where it shows', async () => {
    const notifier = createFakeNotifier()
    const { code, out, err } = await run('cancel order-7 --page 1000', { notifier })
    expect(notifier.cancels).toMatchObject([{ pageId: '1000', cancels: 'order-7' }])
    expect([code, out]).toEqual([0, '✔ cancel published  command order-7  fake/0@0\n'])
    expect(err).toBe('next: pnpm otn explain order-7 --page 1000\n')
  })

  test('ends with 2 and the field that is wrong', async () => {
    const { code, err } = await run('cancel order-7 --page shop')
    expect([code, err.includes('pageId: got')]).toEqual([2, true])
  })
})

describe('otn consent withdraw', () => {
  test.each([
    ['--psid 2000', { psid: '2000', topic: null }],
    ['--psid 2000 --topic restock-1', { psid: '2000', topic: 'restock-1' }],
    [`--person ${PERSON}`, { person: PERSON, psid: null }],
    [`--token ${TOKEN}`, { tokenId: TOKEN, psid: null }],
    ['--topic restock-1', { topic: 'restock-1', psid: null, person: null }],
  ])('publishes what %s names, and nothing else', async (flags, wanted) => {
    const notifier = createFakeNotifier()
    const { code } = await run(`${WITHDRAW} ${flags}`, { notifier })
    expect(notifier.withdrawals).toMatchObject([{ pageId: '1000', ...wanted }])
    expect(code).toBe(0)
  })

  test('names where it shows that it was carried out', async () => {
    const { out, err } = await run(`${WITHDRAW} --psid 2000 --topic a --command-id w`)
    expect(out).toBe('✔ withdrawal published  command w  fake/0@0\n')
    expect(err).toBe(
      'next: pnpm otn token list --page 1000 --psid 2000 --topic a --state withdrawn\n',
    )
    const byToken = await run(`${WITHDRAW} --token ${TOKEN}`)
    expect(byToken.err).toBe(`next: pnpm otn explain ${TOKEN}\n`)
  })

  test('gives programs a stable shape', async () => {
    const { out } = await run(`${WITHDRAW} --psid 2000 --command-id w --json`)
    const position = { kafkaTopic: 'fake', partition: 0, offset: '0' }
    expect(JSON.parse(out)).toEqual({ pageId: '1000', commandId: 'w', position })
  })

  test('ends with 2 and the wrong field where it does not say whose consent', async () => {
    const { code, err } = await run(WITHDRAW)
    expect(code).toBe(2)
    expect(err).toContain(
      'consent: got none of them, wanted one of psid, person, tokenId, or a topic',
    )
    const both = await run(`${WITHDRAW} --psid 2000 --token ${TOKEN}`)
    expect([both.code, both.err.includes('psid and tokenId')]).toEqual([2, true])
  })
})
