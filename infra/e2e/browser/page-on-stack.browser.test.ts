/** What a newcomer does on the page after `pnpm stack up`, in a real browser, on real services. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openBrowser, openPage, violations } from '../src/browser.ts'
import { otn } from '../src/otn.ts'

const { simulatorUrl, apiKey, appSecret } = inject('stack')
/** Services start cold, and a record goes through Kafka three times. */
const WAIT = { timeout: 60_000 }

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const press = (page: Page, name: string) => page.getByRole('button', { name }).click()

/** Somebody new, in fair weather. */
async function newcomer(name: string): Promise<Page> {
  const { page } = await openPage(browser, `${simulatorUrl}/?weather=open`)
  page.setDefaultTimeout(WAIT.timeout)
  await press(page, 'Clear up')
  await page.getByLabel('Somebody new').fill(name)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('heading', { name: `${name}’s phone` }).waitFor()
  return page
}

async function consent(page: Page, title: string): Promise<void> {
  await page.getByLabel('in these words').fill(title)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByRole('button', { name: 'Notify me' }).click()
  await page.locator('.is-known .state.live').waitFor()
}

/** Types the very command that the page offers. */
async function typeTheCommand(page: Page, more: readonly string[] = []): Promise<number> {
  const line = (await page.getByLabel('Command that sends').textContent()) ?? ''
  expect(line).toMatch(/^pnpm otn notify /)
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word)
  const args = words.slice(2).filter((word) => word !== undefined)
  const { code } = await otn(inject('stackHome'), [...args, ...more])
  return code
}

describe('the page on a running stack', () => {
  test('[S0-14] a new person taps Notify me, and gets the message that a command sends', async () => {
    const page = await newcomer('Nia')
    await consent(page, 'Shall we tell you about the jacket?')
    await page.getByRole('link', { name: /webhook → optin 200/ }).waitFor()
    expect(await typeTheCommand(page)).toBe(0)
    await page.locator('.by-token').getByText('It is back.').waitFor()
    await page.locator('#arrivals').getByText('A message arrived: It is back.').waitFor({
      state: 'attached',
    })
    await page.getByRole('heading', { name: 'Both sides: spent' }).waitFor()
    expect(await page.locator('.verdict').textContent()).toContain('Meta answered the call.')
    expect(await violations(page)).toEqual([])
    const told = await page.content()
    for (const secret of [apiKey, appSecret]) expect(told).not.toContain(secret)
    await page.close()
  })

  test('[S0-20] no answer at all: the truth says spent, the dispatcher holds the token', async () => {
    const page = await newcomer('Omar')
    await consent(page, 'Shall we tell you about the boots?')
    await press(page, 'Hold echoes back')
    await press(page, 'No answer at all, message out')
    await page.getByRole('listitem').getByText('the next call').waitFor()
    const ended = typeTheCommand(page)
    await page.getByRole('heading', { name: 'Sent, and nobody here can know' }).waitFor()
    expect(await page.locator('.is-truth .state').textContent()).toBe('Spent')
    expect(await page.locator('.is-known').textContent()).toMatch(/Call 1unanswered|in-doubt/)
    await page.getByRole('link', { name: /Send API POST .* no answer at all/ }).waitFor()
    expect(await violations(page)).toEqual([])
    // In doubt or pending: the command line does not call it sent either.
    expect(await ended).toBe(1)
    await page.close()
  })

  test('an answer that was lost is made good by the echo', async () => {
    const page = await newcomer('Pia')
    await consent(page, 'Shall we tell you about the hat?')
    await press(page, 'No answer at all, message out')
    await page.getByRole('listitem').getByText('the next call').waitFor()
    expect(await typeTheCommand(page)).toBe(0)
    await page.getByRole('heading', { name: 'Both sides: spent' }).waitFor()
    expect(await page.locator('.verdict').textContent()).toContain('No answer came. The echo')
    await page.close()
  })
})
