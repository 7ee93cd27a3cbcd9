import { expect, test } from 'vitest'

import { type ClockFrame, createFollowers } from './followers.ts'

const frame = (revision: number): ClockFrame => ({ revision, nowMs: revision, running: false })

function follower(name: string) {
  const told: number[] = []
  const state = { dismissed: false }
  return {
    name,
    told,
    state,
    tell: ({ revision }: ClockFrame) => void told.push(revision),
    dismiss: () => {
      state.dismissed = true
    },
  }
}

test('a jump is made when all have confirmed it, in any order [U10]', async () => {
  const followers = createFollowers()
  const [ada, bo] = [follower('ada'), follower('bo')]
  followers.follow(ada, frame(0))
  followers.follow(bo, frame(0))
  followers.confirm('ada', 0)
  followers.confirm('bo', 0)
  const order: string[] = []
  const jump = followers.tell(frame(1), 60_000).then((silent) => {
    order.push('made')
    return silent
  })
  followers.confirm('bo', 1)
  await Promise.resolve()
  order.push('ada confirms')
  followers.confirm('ada', 1)
  expect(await jump).toEqual([])
  expect(order).toEqual(['ada confirms', 'made'])
  expect([ada.told, bo.told]).toEqual([
    [0, 1],
    [0, 1],
  ])
})

test('whoever does not confirm in time is named', async () => {
  const followers = createFollowers()
  followers.follow(follower('ada'), frame(0))
  followers.follow(follower('bo'), frame(0))
  followers.confirm('bo', 1)
  expect(await followers.tell(frame(1), 1)).toEqual(['ada'])
})

test('whoever leaves while a jump waits is waited for no longer', async () => {
  const followers = createFollowers()
  const leave = followers.follow(follower('ada'), frame(0))
  const jump = followers.tell(frame(1), 60_000)
  leave()
  expect(await jump).toEqual([])
})

test('a second connection of a name takes the first one’s place', async () => {
  const followers = createFollowers()
  const [old, young] = [follower('ada'), follower('ada')]
  const leaveOld = followers.follow(old, frame(0))
  followers.follow(young, frame(0))
  leaveOld()
  expect([old.state.dismissed, followers.names()]).toEqual([true, ['ada']])
  expect(followers.confirm('nobody', 1)).toBe(false)
  followers.close()
  expect([young.state.dismissed, followers.names()]).toEqual([true, []])
})
