import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from './find-chromium.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'otn-chromium-'))
  for (const name of ['google-chrome', 'chromium-browser', 'mine']) {
    writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), 0o755)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const find = (env: NodeJS.ProcessEnv) => findChromium({ env, mayInstall: false })

describe('a Chromium', () => {
  test('is the one that is given, before any on PATH', async () => {
    const CHROMIUM_PATH = join(folder, 'mine')
    expect(await find({ PATH: folder, CHROMIUM_PATH })).toBe(CHROMIUM_PATH)
  })

  test('is else the first known name on PATH', async () => {
    expect(await find({ PATH: `/nowhere:${folder}` })).toBe(join(folder, 'chromium-browser'))
  })

  test('that is not there is an error which names the package and the setting', async () => {
    await expect(find({ PATH: '/nowhere' })).rejects.toThrow(/Debian: chromium.*CHROMIUM_PATH/)
    const wrong = find({ PATH: folder, CHROMIUM_PATH: '/nowhere/chrome' })
    await expect(wrong).rejects.toThrow(/CHROMIUM_PATH: \/nowhere\/chrome came/)
  })
})
