import { describe, expect, test } from 'vitest'
import { contentView, textView } from './content-view.ts'

const PERSONAL = { isPersonal: true }
const RAW = '4400000000000001'

describe('what an entry holds, as it is shown', () => {
  test('is its shape alone, until personal data is asked for', () => {
    const item = { sender: { id: '2000' }, optin: { payload: 'abc' } }
    expect(contentView({ item }, { isPersonal: false })).toEqual({
      item: { sender: { id: 'text of 4' }, optin: { payload: 'text of 3' } },
    })
    expect(contentView({ item }, PERSONAL)).toEqual({ item })
  })

  test.each([
    ['a text', RAW],
    ['an object', { value: RAW }],
    ['a list', [RAW, { deep: [RAW] }]],
  ])('never shows a token that came as %s', (_, token) => {
    const shown = contentView({ optin: { one_time_notif_token: token, type: 'x' } }, PERSONAL)
    expect(JSON.stringify(shown)).not.toContain(RAW)
    expect(shown).toMatchObject({ optin: { type: 'x' } })
  })

  test('never shows what may be a token where no name tells: rows, texts, broken bodies', () => {
    const shown = [
      contentView({ item: ['1000', '2000', RAW] }, PERSONAL),
      contentView(RAW, PERSONAL),
      textView(Buffer.from(`{"token": ${RAW}`), PERSONAL),
    ]
    expect(JSON.stringify(shown)).not.toContain(RAW)
    expect(shown[0]).toEqual({ item: ['1000', '2000', '[not shown]'] })
  })
})
