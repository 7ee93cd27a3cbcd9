/** Pages by the real command line: offered, connected, shown, followed again. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { otn } from './src/otn.ts'
import { call } from './src/system.ts'

const stack = inject('stack')
const home = inject('stackHome')
const page = stack.pages[1]?.pageId ?? ''

let folder: string
let login: string
let token: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-pages-'))
  login = join(folder, 'login.txt')
  const wish = { method: 'POST', body: { kind: 'user', lifeMs: 3_600_000 } } as const
  const { body } = await call(`${stack.simulatorUrl}/_sim/access-tokens`, wish)
  token = String(body.accessToken)
  await writeFile(login, `${token}\n`)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const pages = (...args: readonly string[]) => otn(home, ['pages', ...args])

async function json(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { code, out, err } = await pages(...args, '--json')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

describe('pages on a running stack', () => {
  test('[S1-42] are listed, those of a login and those that are connected', async () => {
    const { items } = await json('offered', '--token-file', login)
    expect(items).toMatchObject(stack.pages.map(({ pageId }) => ({ pageId, isFollowed: true })))
    const listed = await json('list')
    expect(listed.items).toHaveLength(stack.pages.length)
  })

  test('[S1-05, S1-33] a further page waits for the review, that of a test user does not', async () => {
    const refused = await pages('connect', page, '--token-file', login)
    expect(refused.code).toBe(1)
    expect(refused.out).toContain('✖ app-reviewed')
    expect(refused.err).toContain('next: After the review')
    const connected = await pages('connect', page, '--token-file', login, '--test-user')
    expect(connected.out).toContain('✔ connected')
    expect(connected.code).toBe(0)
    expect(refused.out + refused.err + connected.out + connected.err).not.toContain(token)
  })

  test('[S0-07, S1-03] have a card with app, permissions and dates', async () => {
    const told = (state: string) => pages('capability', page, 'one-time-notification', state)
    const early = await told('granted')
    expect(early.code).toBe(5)
    expect(early.err).toContain('beta terms')
    expect((await told('terms-accepted')).code).toBe(0)
    expect((await told('granted')).code).toBe(0)
    expect(await json('show', page)).toMatchObject({
      ...{ appId: stack.appId, standing: 'active', isFollowed: true, alarms: [] },
      capabilities: [{ name: 'one-time-notification', state: 'granted' }],
    })
  })

  test('[S1-43] one command subscribes webhook and page again', async () => {
    const wish = { method: 'POST', body: { pageId: page } } as const
    await call(`${stack.simulatorUrl}/_sim/webhook/unsubscribe`, wish)
    expect(await json('follow', page)).toMatchObject({ isGreen: true })
    const { body } = await call(`${stack.simulatorUrl}/_sim/following`)
    expect(body.pages).toContainEqual(expect.objectContaining({ pageId: page, followed: true }))
  })
})
