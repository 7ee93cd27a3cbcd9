import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cached } from '../src/cache.ts'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('./fixtures/fill-cache.ts', import.meta.url))
/** Above the kernel's largest process id. */
const NOBODY = 4_194_305

const log = (): void => undefined
let cacheDir = ''
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'otn-cache-'))
})
afterEach(() => rm(cacheDir, { recursive: true, force: true }))

async function fillFully(unfinished: string): Promise<void> {
  await writeFile(join(unfinished, 'file'), 'whole')
}

describe('a cached download', () => {
  test('is made once by processes that start together, and is whole for each', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => run(process.execPath, [SCRIPT, cacheDir])))
    expect(new Set(runs.map(({ stdout }) => stdout))).toEqual(new Set([join(cacheDir, 'thing-1')]))
    expect(await readdir(join(cacheDir, 'fills'))).toHaveLength(1)
    expect((await readdir(join(cacheDir, 'thing-1'))).sort()).toEqual(['part-1', 'part-2'])
  })

  test('is not there after a download that broke, and leaves no rest', async () => {
    const broken = cached({
      cacheDir,
      log,
      name: 'thing-1',
      tool: 'pip',
      fill: async (unfinished) => {
        await writeFile(join(unfinished, 'file'), 'ha')
        throw new Error('line broke')
      },
    })
    await expect(broken).rejects.toThrow('line broke')
    expect(await readdir(cacheDir)).toEqual([])
  })

  test('is made in spite of what a killed process left behind', async () => {
    await writeFile(join(cacheDir, 'pip.lock'), String(NOBODY))
    await mkdir(join(cacheDir, `.thing-1.${NOBODY}.0123abcd.part`))
    const folder = await cached({ cacheDir, log, name: 'thing-1', tool: 'pip', fill: fillFully })
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('whole')
    expect(await readdir(cacheDir)).toEqual(['thing-1'])
  })
})
