import { mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSpoolDisk } from './spool-disk.ts'

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'otn-spool-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

function inside(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).toSorted()
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

test('a number whose file was set aside is not given again', async () => {
  const folder = folderWith({ '000000000001.spool.damaged': 'first' })
  const disk = await openSpoolDisk(folder)
  const file = await disk.create()
  await file.write(Buffer.from('second'))
  await file.close()
  expect(file.name).toBe('000000000002.spool')
  await disk.setAside(file.name)
  expect(inside(folder)).toEqual({
    '000000000001.spool.damaged': 'first',
    '000000000002.spool.damaged': 'second',
  })
  expect(await disk.damaged()).toBe(2)
})

test('what is set aside is written over nothing', async () => {
  const folder = folderWith({ '000000000001.spool': 'b', '000000000001.spool.damaged': 'a' })
  const disk = await openSpoolDisk(folder)
  await disk.setAside('000000000001.spool')
  expect(Object.values(inside(folder)).toSorted()).toEqual(['a', 'b'])
  expect(await disk.damaged()).toBe(2)
})

test('what was removed or set aside is so when it is asked for again', async () => {
  const folder = folderWith({ '000000000001.spool': 'a', '000000000002.spool': 'b' })
  const disk = await openSpoolDisk(folder)
  for (const _ of [1, 2]) await disk.remove('000000000001.spool')
  for (const _ of [1, 2]) await disk.setAside('000000000002.spool')
  expect(inside(folder)).toEqual({ '000000000002.spool.damaged': 'b' })
  await expect(disk.setAside('000000000003.spool')).rejects.toMatchObject({ code: 'ENOENT' })
})

const handlesIn = (folder: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
    } catch {
      return false
    }
  })

test.runIf(process.platform === 'linux')(
  'a file whose folder could not be synced is closed and gone',
  async () => {
    const folder = folderWith({})
    const disk = await openSpoolDisk(folder, () => Promise.reject(new Error('EIO')))
    await expect(disk.create()).rejects.toThrow('EIO')
    expect(inside(folder)).toEqual({})
    expect(handlesIn(folder)).toEqual([])
  },
)
