/** The page of the simulator by itself, with a callback that answers every webhook. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, openPage, violations } from '../src/browser.ts'

const callback = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://callback')
  request.resume()
  request.on('end', () => response.end(searchParams.get('hub.challenge') ?? ''))
})
let browser: Browser
let simulator: Simulator
let pageId = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => void callback.listen(0, '127.0.0.1', resolve))
  const callbackUrl = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/webhook`
  simulator = await startSimulator({ seed: 'browser', webhooks: { callbackUrl } })
  pageId = simulator.pages[0]?.pageId ?? ''
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await simulator?.close()
  callback.close()
})

function newPerson(name: string): string {
  return simulator.addPeople({ pageId, name })[0]?.psid ?? ''
}

function addressOf(psid: string | null, more = ''): string {
  const person = psid === null ? '' : `&person=${psid}`
  return `${simulator.simulatorUrl}/?page=${pageId}${person}${more}`
}

/** The states a person's thread goes through, each left as it is for the next. */
async function thread(): Promise<Readonly<Record<string, string>>> {
  const [asked, tapped, told] = ['Asked', 'Tapped', 'Told'].map(newPerson)
  for (const psid of [asked, tapped, told]) simulator.ask({ pageId, psid, payload: 'otn1:a:b' })
  await simulator.tap({ pageId, psid: tapped, waitMs: 5_000 })
  const { token } = await simulator.tap({ pageId, psid: told, waitMs: 5_000 })
  const { accessToken = '' } = simulator.pages[0] ?? {}
  simulator.addKnob({ token, times: 1, deliver: true, answer: { kind: 'cut-connection' } })
  const sent = fetch(`${simulator.graphUrl}/v21.0/me/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      recipient: { one_time_notif_token: token },
      message: { text: 'It is back.' },
    }),
  })
  await sent.catch(() => null)
  return {
    nobody: addressOf(null),
    empty: addressOf(newPerson('Empty')),
    asked: addressOf(asked ?? ''),
    tapped: addressOf(tapped ?? '', '&show=w1'),
    delivered: addressOf(told ?? '', '&show=c1'),
    'weather open': addressOf(told ?? '', '&weather=open'),
  }
}

/** A text, for these tests know no names of the browser's own. */
const FOCUSED_NAME = `(() => {
  const { activeElement: element } = document
  return (element.labels?.[0] ?? element).textContent.trim()
})()`

/** Goes on with the Tab key until the element has the focus; the keyboard alone finds it. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab')
    const label = await page.evaluate(FOCUSED_NAME)
    if (label === name) return
  }
  throw new Error(`the Tab key does not reach ${name}`)
}

describe('the page of the simulator', () => {
  test('breaks no accessibility rule in any state, light, dark or narrow', async () => {
    const states = await thread()
    const broken: string[] = []
    for (const look of [{}, { scheme: 'dark' }, { width: 390 }] as const) {
      const { page, faults } = await openPage(browser, addressOf(null), look)
      for (const [name, url] of Object.entries(states)) {
        await page.goto(url)
        await page.locator('body[data-ready]').waitFor()
        const found = await violations(page)
        broken.push(...found.map((fault) => `${name} ${JSON.stringify(look)}: ${fault}`))
      }
      broken.push(...faults)
      await page.close()
    }
    expect(broken).toEqual([])
  })

  test('is no wider than a narrow screen', async () => {
    const url = addressOf(newPerson('Narrow'), '&weather=open')
    const { page } = await openPage(browser, url, { width: 360 })
    const width = await page.evaluate('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(360)
    await page.close()
  })

  test('is worked by the keyboard alone, from a new person to the webhook', async () => {
    const { page, faults } = await openPage(browser, addressOf(null))
    await tabTo(page, 'Somebody new')
    await page.keyboard.type('Kay')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Kay’s phone' }).waitFor()
    await tabTo(page, 'Ask')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('A request arrived').waitFor({ state: 'attached' })
    await tabTo(page, 'Phone')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Notify me')
    await page.keyboard.press('Enter')
    const card = page.getByRole('button', { name: 'You will be notified' })
    await card.waitFor()
    expect(await card.getAttribute('aria-disabled')).toBe('true')
    expect(await page.locator(':focus').textContent()).toBe('You will be notified')
    const webhook = page.getByRole('link', { name: /webhook → optin 200/ })
    await webhook.waitFor()
    await tabTo(page, (await webhook.textContent()) ?? '')
    await page.keyboard.press('Enter')
    await page.getByText('exactly the bytes of the body').waitFor()
    expect(await page.locator('pre.is-signed').textContent()).toContain('one_time_notif_req')
    expect(page.url()).toMatch(/show=w\d+/)
    expect(faults).toEqual([])
    await page.close()
  })

  test('keeps half-written words and the focus while the world goes on', async () => {
    const psid = newPerson('Writer')
    const { page } = await openPage(browser, addressOf(psid))
    const field = page.getByLabel('Write as Writer')
    await field.fill('I am still')
    simulator.ask({ pageId, psid, payload: 'otn1:a:b' })
    await page.getByRole('button', { name: 'Notify me' }).waitFor()
    expect(await page.locator(':focus').inputValue()).toBe('I am still')
    await page.close()
  })

  test('takes the same weather back that it brought', async () => {
    const { page } = await openPage(browser, addressOf(null, '&weather=open'))
    await page.getByRole('button', { name: 'Page permission taken away' }).click()
    await page.getByRole('listitem').getByText('the next call').waitFor()
    expect(simulator.knobs()).toMatchObject([{ pageId, times: 1, answer: { code: 10 } }])
    await page.getByRole('button', { name: 'Clear up' }).click()
    await page.getByText('Nothing goes wrong on purpose.').waitFor()
    expect(simulator.knobs()).toEqual([])
    await page.close()
  })

  test('sends a webhook again with a wrong signature, and says what the callback did', async () => {
    const psid = newPerson('Again')
    await simulator.act({ pageId, psid, act: { kind: 'message', text: 'Hi' }, waitMs: 5_000 })
    const { page } = await openPage(browser, addressOf(psid, '&weather=open'))
    await page.getByRole('button', { name: 'The last one, wrongly signed' }).click()
    await page
      .getByRole('link', { name: /webhook → message/ })
      .nth(1)
      .waitFor()
    expect(await page.getByRole('status').textContent()).toContain('The callback answered 200')
    await page.close()
  })
})
