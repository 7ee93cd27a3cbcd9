import { mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockFolder } from './spool-lock.ts'

/** A folder whose owner died: its socket is there and nobody listens. */
async function abandoned(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'otn-lock-'))
  const server = createServer()
  await new Promise<void>((done) => server.listen(join(folder, 'a.sock'), done))
  renameSync(join(folder, 'a.sock'), join(folder, 'in-use.sock'))
  await new Promise((done) => server.close(done))
  return folder
}

test('of two that find a dead owner at once one alone has the folder', async () => {
  for (let turn = 0; turn < 60; turn += 1) {
    const folder = await abandoned()
    // The other one is a little behind, each time a little more.
    const behind = async () => {
      for (let tick = 0; tick < turn % 20; tick += 1) await new Promise(setImmediate)
      return lockFolder(folder)
    }
    const both = await Promise.allSettled([lockFolder(folder), behind()])
    const owners = both.filter((one) => one.status === 'fulfilled')
    expect(owners).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['in-use.sock'])
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'OTN_CONFIG_INVALID' })
    await owners[0]?.value.close()
  }
})

test('a folder that is not there yet is made, and free again when it was left', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'otn-lock-')), 'a', 'b')
  for (const _ of [1, 2]) await (await lockFolder(folder)).close()
  expect(readdirSync(folder)).toEqual([])
})
