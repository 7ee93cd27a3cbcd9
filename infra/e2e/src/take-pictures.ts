/**
 * `pnpm pictures`: takes the pictures under docs/pictures/ anew, from the page of a real stack. A
 * person gets a message whose call is never answered; the page shows truth beside knowledge.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStackSettings, type StackFile, startStack } from '@otn/stack'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openPage } from './browser.ts'
import { notifierOf } from './system.ts'

const FOLDER = join(import.meta.dirname, '../../../docs/pictures')
const TOPIC = 'restock-1234'
const WAIT_MS = 60_000

const home = mkdtempSync(join(tmpdir(), 'otn-pictures-'))
const stack = await startStack({
  settings: readStackSettings({ ...process.env, OTN_HOME: home }),
  keepData: false,
  say: (line) => console.log(line),
  onGiveUp: (reason) => console.error(reason),
})
const browser = await openBrowser()
try {
  mkdirSync(FOLDER, { recursive: true })
  await takePictures(browser, stack.file)
} finally {
  await browser.close()
  await stack.stop()
  rmSync(home, { recursive: true, force: true })
}

async function takePictures(opened: Browser, file: StackFile): Promise<void> {
  const pageId = file.pages[0]?.pageId ?? ''
  const { page } = await openPage(opened, `${file.simulatorUrl}/?page=${pageId}`)
  page.setDefaultTimeout(WAIT_MS)
  await page.getByRole('link', { name: /^A?\s*Ada/ }).click()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByRole('button', { name: 'Notify me' }).click()
  await page.locator('.is-known .state.live').waitFor()
  await post(`${file.simulatorUrl}/_sim/switches`, { echoOnTokenSend: false })
  const answer = { kind: 'cut-connection' }
  await post(`${file.simulatorUrl}/_sim/knobs`, { deliver: true, times: 1, answer })
  const psid = new URL(page.url()).searchParams.get('person') ?? ''
  await using notifier = await notifierOf(file, 'pictures')
  const text = 'The blue jacket is back.'
  await notifier.notify({ pageId, to: { psid, topic: TOPIC }, text, idempotencyKey: 'picture' })
  await page.getByRole('heading', { name: 'Sent, and nobody here can know' }).waitFor()
  await picture(page, 'page')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'page-dark')
}

async function picture(page: Page, name: string): Promise<void> {
  // No field has the focus, so that no text cursor blinks into one picture and not the next.
  await page.locator('h1').click()
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true })
  console.log(`  ✔ docs/pictures/${name}.png`)
}

async function post(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
}
