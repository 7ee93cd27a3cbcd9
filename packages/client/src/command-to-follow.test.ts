import { describe, expect, test } from 'vitest'
import { commandToFollow } from './command-to-follow.ts'
import { publishedCommands } from './published-commands.ts'

const published = publishedCommands(10)
published.remember({ pageId: '1000', commandId: 'ours', digest: 'd', outcomeFrom: [7n] })
const positions = {
  endOffsets: async () => [9n],
  offsetsAt: async (_topic: string, ms: number) => [BigInt(ms)],
}
const topic = 'notification' as const
const lookup = { options: {}, published, topic, positions }

describe('the command whose outcome is asked for', () => {
  test('is known by its id alone where it was published here', async () => {
    expect(await commandToFollow('ours', lookup)).toMatchObject({ outcomeFrom: [7n] })
  })

  test('is told apart by its page where two pages have one of that id', async () => {
    const found = commandToFollow('ours', { ...lookup, options: { pageId: '1001' } })
    await expect(found).rejects.toThrow('outcomeFrom: got nothing')
  })

  test('is read for from the stored position where another process published it', async () => {
    const stored = JSON.parse('{"pageId":"1000","commandId":"theirs","outcomeFrom":["3","0"]}')
    expect(await commandToFollow(stored, lookup)).toMatchObject({ outcomeFrom: [3n, 0n] })
  })

  test('is read for from an instant where an earlier run may have published it', async () => {
    const since = new Date(1_790_000_000_000)
    const found = await commandToFollow('ours', { ...lookup, options: { since } })
    expect(found).toMatchObject({ pageId: '1000', outcomeFrom: [1_790_000_000_000n] })
  })

  test.each([
    ['an unknown id', 'theirs', 'command: got "theirs", not published here'],
    ['no position', { pageId: '1000', commandId: 'theirs' }, 'outcomeFrom: got nothing'],
    ['a wrong one', { pageId: '1', commandId: 'c', outcomeFrom: ['x'] }, 'outcomeFrom: got "x"'],
  ])('is refused with what is missing: %s', async (_title, command, said) => {
    await expect(commandToFollow(command, lookup)).rejects.toThrow(said)
  })
})
