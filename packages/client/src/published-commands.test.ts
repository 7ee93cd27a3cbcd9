import { describe, expect, test } from 'vitest'
import { publishedCommands } from './published-commands.ts'

const command = (commandId: string, pageId = '1000') => ({
  pageId,
  commandId,
  digest: 'd',
  outcomeFrom: [0n],
})

describe('the commands a notifier remembers', () => {
  test('are the youngest, and those that somebody waits for', () => {
    const published = publishedCommands(2)
    published.remember(command('waited-for'))
    published.find('waited-for')?.watchers.add(() => {})
    for (const id of ['a', 'b', 'c']) published.remember(command(id))
    expect(published.find('waited-for')).not.toBeNull()
    expect(published.find('a')).toBeNull()
    expect(published.find('b')).toBeNull()
    expect(published.find('c')).not.toBeNull()
  })

  test('keep the older position when the same command is published again', () => {
    const published = publishedCommands(2)
    published.remember({ ...command('k'), outcomeFrom: [5n] })
    published.remember({ ...command('k'), outcomeFrom: [9n] })
    expect(published.find('k')?.outcomeFrom).toEqual([5n])
  })

  test('begin anew when another content is published under the same id', () => {
    const published = publishedCommands(2)
    published.remember({ ...command('k'), outcomeFrom: [5n] })
    published.remember({ ...command('k'), digest: 'other', outcomeFrom: [9n] })
    expect(published.find('k')?.outcomeFrom).toEqual([9n])
  })

  test('are told apart by page', () => {
    const published = publishedCommands(2)
    published.remember(command('k', '1000'))
    published.remember(command('k', '1001'))
    expect(published.find('k', '1000')?.pageId).toBe('1000')
    expect(published.find('k')?.pageId).toBe('1001')
  })
})
