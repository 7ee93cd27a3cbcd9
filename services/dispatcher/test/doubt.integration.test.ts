import type { NotificationEvent } from '@otn/contracts'
import { type PageScopedUserId, pageScopedUserId } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echo } from './support/echo.ts'
import { type Granted, openScene, type Scene, until } from './support/scene.ts'

const DOUBT = ['NotificationSent', 'NotificationFailed', 'NotificationInDoubt']

describe('an attempt whose outcome nobody heard', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene()
    await scene.start({ DISPATCHER_SETTLE_MS: '300', DISPATCHER_TICK_MS: '50' })
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  const callsWith = ({ token }: Granted) => scene.graph.calls.filter((call) => call.token === token)
  const story = (command: string) =>
    scene
      .facts(command)
      .map(({ type, attempt }) => `${type.replace('Notification', '')} ${attempt}`)

  test('[U3] is settled by the echo of its message, without a second call', async () => {
    await using quiet = await openScene()
    await quiet.start()
    const granted = await quiet.grant()
    quiet.graph.fate = () => 'accept-unheard'
    const { commandId: id } = await quiet.notify({ psid: psidOf(granted) })
    const call = await until('the call', () => quiet.graph.calls[0])
    const receipt = await echo(quiet, { call, granted })
    const sent = await quiet.ended(id)
    const told = { certainty: 'ECHOED', settledBy: receipt, messageId: 'm_echo', attempt: 1 }
    expect(sent).toMatchObject({ type: 'NotificationSent', tokenId: granted.tokenId, ...told })
    expect(quiet.graph.calls).toHaveLength(1)
  })

  test('[U3] is probed with the same token, and a second delivery is not possible', async () => {
    const granted = await scene.grant()
    let answers = 0
    scene.graph.fate = () => (answers++ === 0 ? 'cut' : 'accept')
    const { commandId: id } = await scene.notify({ psid: psidOf(granted) })
    expect(await scene.ended(id)).toMatchObject({ certainty: 'CONFIRMED', attempt: 2 })
    expect(story(id)).toEqual(['Attempted 1', 'InDoubt 1', 'Attempted 2', 'Sent 2'])
    expect(callsWith(granted)).toHaveLength(2)
  })

  test('stays in doubt when its probe is refused: never failed, never another token', async () => {
    const granted = await scene.grant()
    await scene.grant(granted.psid)
    scene.graph.fate = () => 'accept-unheard'
    const { commandId: id } = await scene.notify({ psid: psidOf(granted) })
    const doubt = await verdict(scene, { id, reason: 'doubt-stands' })
    expect(doubt).toMatchObject({ attempt: 2, graphCode: 100, tokenId: expect.any(String) })
    expect(story(id)).toEqual(['Attempted 1', 'InDoubt 1', 'Attempted 2', 'InDoubt 2'])
    const tokens = new Set(scene.graph.calls.slice(-2).map(({ token }) => token))
    expect(tokens.size).toBe(1)
  })

  test('a late echo settles even a doubt that stands', async () => {
    const granted = await scene.grant()
    scene.graph.fate = () => 'accept-unheard'
    const { commandId: id } = await scene.notify({ psid: psidOf(granted) })
    await verdict(scene, { id, reason: 'doubt-stands' })
    const [call] = callsWith(granted)
    if (call) await echo(scene, { call, granted })
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent', certainty: 'ECHOED' })
  })

  test('an echo of another app, person or with a foreign MAC proves nothing', async () => {
    const granted = await scene.grant()
    scene.graph.fate = () => 'accept-unheard'
    const { commandId: id } = await scene.notify({ psid: psidOf(granted) })
    await verdict(scene, { id, reason: 'doubt-stands' })
    const [call] = callsWith(granted)
    if (!call) throw new Error('no call was made')
    const { metadata } = call.body.message
    await echo(scene, { call, granted, change: { appId: '666' } })
    await echo(scene, { call, granted, change: { metadata: `${metadata.slice(0, -2)}xy` } })
    await echo(scene, { call, granted: { ...granted, psid: '42' } })
    const later = await scene.grant()
    scene.graph.fate = () => 'accept'
    await scene.ended((await scene.notify({ psid: psidOf(later) })).commandId)
    expect(story(id).at(-1)).toBe('InDoubt 2')
  })

  test('a code that nobody has judged ends in doubt at once, and keeps the token', async () => {
    const granted = await scene.grant()
    scene.graph.fate = () => ({ status: 400, error: { code: 987_654, message: 'new', type: 'X' } })
    const { commandId: id } = await scene.notify({ psid: psidOf(granted) })
    const doubt = await verdict(scene, { id, reason: 'graph-unlisted' })
    expect(doubt).toMatchObject({ attempt: 1, graphCode: 987_654 })
    const second = await scene.notify({ psid: psidOf(granted) })
    expect(await scene.ended(second.commandId)).toMatchObject({ reason: 'token-held' })
    expect(callsWith(granted)).toHaveLength(1)
  })

  test('an answer that is known to follow deliveries is never probed', async () => {
    const granted = await scene.grant()
    const error = { code: 1, error_subcode: 1357046, message: 'odd', type: 'X' }
    scene.graph.fate = () => ({ status: 500, error })
    const { commandId: id } = await scene.notify({ psid: psidOf(granted) })
    expect(await verdict(scene, { id, reason: 'outcome-unknown' })).toMatchObject({ attempt: 1 })
    expect(callsWith(granted)).toHaveLength(1)
  })

  test('is held without any probe where the deployment says so', async () => {
    await using holding = await openScene()
    await holding.start({ DISPATCHER_SETTLE_MS: '200', DISPATCHER_UNKNOWN: 'hold' })
    const granted = await holding.grant()
    holding.graph.fate = () => 'cut'
    const { commandId: id } = await holding.notify({ psid: psidOf(granted) })
    expect(await holding.ended(id, DOUBT)).toMatchObject({ reason: 'doubt-stands', attempt: 1 })
    expect(holding.graph.calls).toHaveLength(1)
  })
})

function psidOf({ psid }: Granted): PageScopedUserId {
  return pageScopedUserId(psid)
}

function verdict(
  scene: Scene,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<NotificationEvent> {
  return until(`${reason} of ${id}`, () =>
    scene.facts(id).find((fact) => fact.type === 'NotificationInDoubt' && fact.reason === reason),
  )
}
