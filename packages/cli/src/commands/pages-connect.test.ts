import { describe, expect, test } from 'vitest'
import { answering, FAKE_ENV, run } from '../fake-shell.ts'

const TOKEN = 'PLANTED-USER-TOKEN'
const files = { '/repo/login.txt': `${TOKEN}\n`, '/dev/stdin': `${TOKEN}\n` }
const path = `${FAKE_ENV.OTN_PAGES_URL}/v1`
const done = { step: 'page-followed', outcome: 'done', sentence: 'It is followed.', next: null }
const failed = {
  ...{ step: 'token-inspected', outcome: 'failed', sentence: 'No permission.' },
  next: 'Log in again.',
}
const green = { pageId: '1000', isGreen: true, steps: [done] }

describe('otn pages connect', () => {
  test('[S1-02] shows each step, and ends with 0 when the page is green', async () => {
    const { asked, answer } = answering(green)
    const line = 'pages connect 1000 --token-file login.txt --test-user --beside 7 --beside 8'
    const { code, out } = await run(line, { answer, files })
    expect(code).toBe(0)
    expect(out).toBe('✔ page-followed        It is followed.\n')
    expect(asked).toEqual([
      {
        call: `POST ${path}/pages/1000/connect`,
        body: {
          ...{ userToken: TOKEN, isTestUser: true, beside: ['7', '8'], graphVersion: null },
        },
      },
    ])
  })

  test('says what hinders and what to do next, and ends with 1', async () => {
    const red = { ...green, isGreen: false, steps: [failed] }
    const { code, out, err } = await run('pages connect 1000', { ...answering(red), files })
    expect(code).toBe(1)
    expect(out).toContain('✖ token-inspected      No permission.')
    expect(err).toContain('next: Log in again.')
  })

  test('[S1-36] takes the token from a file or a pipe alone, and shows it nowhere', async () => {
    const { answer, asked } = answering(green)
    const piped = await run('pages connect 1000 --json', { answer, files })
    expect(asked[0]?.body).toMatchObject({ userToken: TOKEN })
    const typed = await run('pages connect 1000', { answer, files, typed: TOKEN })
    const odd = { '/dev/stdin': `${TOKEN} and more` }
    const wrong = await run('pages connect 1000', { answer, files: odd })
    expect([piped.code, typed.code, wrong.code]).toEqual([0, 2, 2])
    for (const { out, err } of [piped, typed, wrong]) expect(out + err).not.toContain(TOKEN)
  })

  test('wants a page id before anything is asked', async () => {
    const { answer, asked } = answering(green)
    expect((await run('pages connect shop', { answer, files })).code).toBe(2)
    expect(asked).toEqual([])
  })
})

describe('otn pages offered', () => {
  const offer = {
    ...{ pageId: '1000', name: 'Shop', isConnected: false, isFollowed: true },
    ...{ missingFields: [], otherApps: ['42'], fault: null },
  }

  test('[S1-42] lists every page that can be followed, followed or not', async () => {
    const items = [offer, { ...offer, pageId: '2000', isFollowed: false, otherApps: [] }]
    const { out, err } = await run('pages offered', { ...answering({ items }), files })
    expect(out.split('\n').slice(1, 3)).toEqual([
      '1000  Shop  no         yes       42          -',
      '2000  Shop  no         no        -           -',
    ])
    expect(err).toContain('next: pnpm otn pages connect 1000')
  })
})

describe('otn pages follow and disconnect', () => {
  test('[S1-43] one command subscribes webhook and page again', async () => {
    const { answer, asked } = answering(green)
    expect((await run('pages follow 1000', { answer })).code).toBe(0)
    expect(asked).toEqual([{ call: `POST ${path}/pages/1000/follow`, body: { beside: [] } }])
  })

  test('leaving a page wants a yes', async () => {
    const { answer, asked } = answering(green)
    expect((await run('pages disconnect 1000', { answer })).code).toBe(2)
    expect((await run('pages disconnect 1000', { answer, typed: 'no' })).code).toBe(5)
    expect(asked).toEqual([])
    expect((await run('pages disconnect 1000 --remove-app --yes', { answer })).code).toBe(0)
    expect(asked[0]?.body).toEqual({ isForced: false, removesApp: true })
  })
})
