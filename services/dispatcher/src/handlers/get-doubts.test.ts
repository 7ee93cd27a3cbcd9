import { commandId, pageId } from '@otn/kernel'
import { createHttpServer, createLog, type HttpServer } from '@otn/runtime'
import { afterEach, describe, expect, test } from 'vitest'
import {
  attempted,
  command,
  document,
  fact,
  inDoubt,
  NOW,
  T1,
} from '../../test/support/command-facts.ts'
import { evolve } from '../domain/command.ts'
import { idOf } from '../domain/document.ts'
import type { DoubtQuery, StoredDoubt } from '../doubt-ports.ts'
import { getDoubts } from './get-doubts.ts'

let app: HttpServer | undefined
afterEach(() => app?.close())

function doubted(id: string, values: Partial<StoredDoubt['document']> = {}): StoredDoubt {
  const of = command({ commandId: commandId(id) })
  const known = [attempted(1), inDoubt(1)].reduce((so, draft) => evolve(so, fact(so, draft)), of)
  const found = document({ command: known, ...values })
  return { document: found, place: { since: NOW, id: idOf(found) }, leaseUntil: NOW + 5 }
}

function door(found: readonly StoredDoubt[] = []) {
  const asked: DoubtQuery[] = []
  const scopes: string[] = []
  app = createHttpServer({ log: createLog({ service: 't', level: 'silent' }) })
  getDoubts(app, {
    doubts: {
      list: async (query) => {
        asked.push(query)
        return found.slice(0, query.limit)
      },
    },
    mayCall: (scope) => {
      scopes.push(scope)
      return async () => {}
    },
    inTime: (work) => work(new AbortController().signal),
  })
  const server = app
  const get = (query = '') => server.inject(`/v1/doubts${query}`)
  return { get, asked, scopes }
}

describe('the list of doubts', () => {
  test('tells what is known of each, how it may still be settled, and nothing of the person', async () => {
    const { get, scopes } = door([doubted('c-1'), doubted('c-2', { isProbing: true })])
    const answer = await get()
    expect(answer.json()).toEqual({
      items: [
        {
          ...{ pageId: '1000', commandId: 'c-1', attempt: 1, since: NOW, tokenId: T1 },
          ...{ topic: 'restock-1234', reason: 'outcome-unknown', settles: ['echo', 'person'] },
          ...{ graphCode: null, graphSubcode: null, fbtraceId: null, detail: null, probeAt: null },
        },
        expect.objectContaining({ settles: ['echo', 'probe', 'person'], probeAt: NOW + 5 }),
      ],
      next: null,
    })
    expect(answer.body).not.toMatch(/person"?:|sStx|requestedBy/)
    expect(scopes).toEqual(['notifications:read'])
  })

  test('goes on where the answer before ended, whatever stands in an id', async () => {
    const { get, asked } = door([doubted('ün?>~ÿ'), doubted('c-2')])
    const { next } = (await get('?limit=1')).json()
    await get(`?after=${next}&page=1000`)
    expect(asked).toEqual([
      { page: null, after: null, limit: 1 },
      { page: pageId('1000'), after: { since: NOW, id: '1000:ün?>~ÿ' }, limit: 100 },
    ])
  })

  test('goes on after the longest id that a command can have', async () => {
    const id = `${'漢'.repeat(128)}`
    const { get, asked } = door([doubted(id)])
    const { next } = (await get('?limit=1')).json()
    expect((await get(`?after=${next}`)).statusCode).toBe(200)
    expect(asked.at(-1)?.after?.id).toBe(`1000:${id}`)
  })

  test.each([
    '?limit=0',
    '?limit=501',
    '?after=x',
    '?after=9999999999999999-MTAwMDpjLTE',
    '?page=shop',
  ])('refuses %s', async (query) => {
    const { get, asked } = door()
    expect((await get(query)).statusCode).toBe(400)
    expect(asked).toEqual([])
  })
})
