import { createHttpServer, createLog } from '@otn/runtime'
import { expect, test } from 'vitest'
import { onlyReadsUntilReady } from './reads-until-ready.ts'

test('while pages are being folded cards are shown, and nothing is done', async () => {
  const reasons = ['the page events are being folded']
  const app = createHttpServer({ log: createLog({ service: 'test', level: 'silent' }) })
  onlyReadsUntilReady(app, () => reasons)
  for (const method of ['GET', 'POST', 'PUT'] as const) {
    app.route({ method, url: '/v1/pages', handler: async () => 'done' })
  }
  const answers = async () => {
    const calls = (['GET', 'POST', 'PUT'] as const).map(async (method) => {
      const { statusCode, headers } = await app.inject({ method, url: '/v1/pages' })
      return [statusCode, headers['retry-after']]
    })
    return Promise.all(calls)
  }
  expect(await answers()).toEqual([
    [200, undefined],
    [503, '1'],
    [503, '1'],
  ])
  const refused = await app.inject({ method: 'POST', url: '/v1/pages' })
  expect(refused.json()).toMatchObject({ code: 'OTN_HTTP_UNAVAILABLE', detail: reasons[0] })
  reasons.pop()
  expect((await answers()).map(([status]) => status)).toEqual([200, 200, 200])
  await app.close()
})
