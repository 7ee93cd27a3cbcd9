/** An answer that nobody has judged: seen, and closed by a person, by the real command line. */
import { randomUUID } from 'node:crypto'
import type { Notifier } from '@otn/client'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { auditOf } from './src/audit.ts'
import { otn as run } from './src/otn.ts'
import { call, identityOf, notifierOf, readLog, truth, untilTokenState } from './src/system.ts'
import { tap } from './src/tap.ts'

const stack = inject('stack')
const page = stack.pages[0]?.pageId ?? ''
const identity = identityOf(stack)
const TOPIC = 'restock-doubt'
const CODE = 987_654
const SUBCODE = 31

let notifier: Notifier
beforeAll(async () => {
  notifier = await notifierOf(stack)
})
afterAll(() => notifier.close())

const otn = (...args: readonly string[]) => run(inject('stackHome'), args)

async function json(...args: readonly string[]) {
  const { code, out, err } = await otn(...args, '--json')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

const settle = (command: string, ...how: readonly string[]) =>
  otn('doubt', 'settle', page, command, '--by', 'ada', '--yes', ...how)

/** What `doubt list` says of a command; undefined while it says nothing. */
async function listed(command: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { items } = await json('doubt', 'list', '--page', page, '--limit', '500')
  return items.find(({ commandId }: { readonly commandId: string }) => commandId === command)
}

/** One message that the platform answers with a code of no table, naming the person and the token. */
async function doubted(isDelivered: boolean) {
  const { psid, token } = await tap(stack, { page, topic: TOPIC })
  const id = identity.token(page, token)
  await untilTokenState(stack, id, 'live')
  const message = `Message of ${psid} with ${token} needs a review`
  const answer = { kind: 'error', status: 400, code: CODE, subcode: SUBCODE, message }
  const knob = { token, times: 1, deliver: isDelivered, echo: 'absent', answer }
  await call(`${stack.simulatorUrl}/_sim/knobs`, { method: 'POST', body: knob })
  const command = await ask(psid)
  await expect.poll(() => listed(command), { timeout: 60_000 }).toBeDefined()
  await untilTokenState(stack, id, 'in-doubt')
  return { psid, token, id, command }
}

async function ask(psid: string): Promise<string> {
  const idempotencyKey = `doubt-${randomUUID()}`
  const to = { psid, topic: TOPIC }
  await notifier.notify({ pageId: page, to, text: 'x', idempotencyKey })
  return idempotencyKey
}

const outcomeOf = (command: string) => notifier.outcome(command, { pageId: page, waitMs: 60_000 })

describe('a code that the platform never answered before', () => {
  test('ends in doubt, and list, answer and story show the redacted answer', async () => {
    const { psid, token, id, command } = await doubted(true)
    const detail = expect.stringMatching(/^HTTP 400, .*Message of .* with .* needs a review$/)
    const answer = { graphCode: CODE, graphSubcode: SUBCODE, fbtraceId: expect.any(String), detail }
    const about = { reason: 'graph-unlisted', tokenId: id, ...answer }
    expect(await listed(command)).toMatchObject({ attempt: 1, topic: TOPIC, ...about })
    const path = `/v1/pages/${page}/notifications/${command}`
    const known = await call(`${stack.dispatcherUrl}${path}`, { key: stack.apiKey })
    expect(known.body).toMatchObject({ state: 'in-doubt', attempts: [{ number: 1, ...about }] })
    const table = await otn('doubt', 'list', '--page', page)
    expect(table.out).toContain(`${CODE}/${SUBCODE}`)
    const story = await otn('explain', command, '--page', page)
    expect(story.out).toContain(`pnpm otn doubt settle ${page} ${command} --sent or --not-sent`)
    const { text: metrics } = await call(`${stack.dispatcherUrl}/metrics`)
    expect(metrics).toContain(`otn_graph_unknown_codes_total{code="${CODE}",subcode="${SUBCODE}"`)
    const log = await readLog(stack, ['notification'])
    const bytes = log.map(({ raw }) => raw.toString('latin1')).join('')
    const shown = [JSON.stringify(await listed(command)), known.text, table.out, story.out, bytes]
    for (const place of [...shown, metrics]) {
      for (const secret of [psid, token]) expect(place.includes(secret)).toBe(false)
    }
    expect((await settle(command, '--sent')).code).toBe(0)
  })

  test('and whose message a person found, ends as sent, its token redeemed', async () => {
    const { psid, token, id, command } = await doubted(true)
    const [delivery] = (await truth(stack, token)).deliveries
    const mid = String(delivery?.mid)
    const { code, out } = await settle(command, '--sent', '--message-id', mid)
    expect([code, out]).toEqual([0, `✔ ${page}:${command} is sent, settled by ada\n`])
    expect(await outcomeOf(command)).toMatchObject({ state: 'sent', certainty: 'OPERATOR' })
    await untilTokenState(stack, id, 'redeemed')
    expect(await listed(command)).toBeUndefined()
    expect(await outcomeOf(await ask(psid))).toMatchObject({ state: 'failed' })
    expect((await truth(stack, token)).deliveries).toHaveLength(1)
  })

  test('and whose message nobody got, ends as failed, its token spent by the next command', async () => {
    const { psid, token, id, command } = await doubted(false)
    expect(await outcomeOf(await ask(psid))).toMatchObject({ state: 'failed' })
    const { code } = await settle(command, '--not-sent', '--reason', 'not in the inbox')
    expect(code).toBe(0)
    const ended = { state: 'failed', reason: 'operator-settled', tokenReleased: true }
    expect(await outcomeOf(command)).toMatchObject(ended)
    await untilTokenState(stack, id, 'live')
    expect((await settle(command, '--not-sent')).code).toBe(0)
    const other = await settle(command, '--sent')
    expect([other.code, other.err]).toEqual([5, expect.stringContaining('is failed (OPERATOR)')])
    const next = await ask(psid)
    expect(await outcomeOf(next)).toMatchObject({ state: 'sent', certainty: 'CONFIRMED' })
    await untilTokenState(stack, id, 'redeemed')
    expect((await truth(stack, token)).deliveries).toHaveLength(1)
    expect((await otn('explain', command, '--page', page)).out).toContain('settledBy=ada')
  })

  test('is asked about before anything is settled, where nobody can be asked', async () => {
    const { code, err } = await otn('doubt', 'settle', page, 'any', '--sent', '--by', 'ada')
    expect([code, err]).toEqual([2, expect.stringContaining('--yes')])
  })

  test('and the auditor finds no broken promise in any of it', async () => {
    const { commands, findings } = await auditOf(stack)
    expect(commands).toBeGreaterThan(4)
    expect(findings).toEqual([])
  })
})
