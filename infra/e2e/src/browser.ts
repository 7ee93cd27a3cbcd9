/** A real Chromium for tests of the page for people. Nothing is downloaded for it. */
import { CHROMIUM_FLAGS, findChromium } from '@otn/engines'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

/** A browser with a profile of its own, gone when it closes. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findChromium()
  return chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] })
}

export interface Look {
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
}

/** A tab in which a fault of the page fails the test that looks at `faults`. */
export async function openPage(
  browser: Browser,
  url: string,
  { scheme = 'light', width = 1_440 }: Look = {},
): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const page = await browser.newPage({
    colorScheme: scheme,
    viewport: { width, height: 1_000 },
    reducedMotion: 'reduce',
  })
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(url)
  await page.locator('body[data-ready]').waitFor()
  return { page, faults }
}

/** The accessibility rules that the page breaks now, with the elements that break them. */
export async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the page's own policy does not bind.
  await page.evaluate(axe.source)
  const found: { id: string; nodes: { html: string; failureSummary?: string }[] }[] =
    await page.evaluate('axe.run().then(({ violations }) => violations)')
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
  )
}
