import { type PageScopedUserId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { notifyRules } from './notify-rules.ts'
import type { NotifySettings, NotifyWords } from './notify-situation.ts'
import { readMessage } from './read-message.ts'
import { evaluate } from './rule.ts'

const strict = { personalData: 'refuse', sensitiveWords: 'refuse' } as const
const lenient = { personalData: 'flag', sensitiveWords: 'flag' } as const

function judged(words: Partial<NotifyWords>, strictness: Partial<NotifySettings> = strict) {
  const notify = { pageId: pageId('1000'), psid: '2000' as PageScopedUserId, topic: 'x', ...words }
  const settings = { kindsOff: [], routesOff: [], tags: [], windowGuard: 'refuse' } as const
  return evaluate(notifyRules, {
    ...{ notify, settings: { ...settings, ...strict, ...strictness } },
    message: notify.message ? readMessage(notify.message) : null,
    ...{ nowMs: null, standing: null, world: null },
  })
}

const json = (message: object) => ({ message: JSON.stringify(message) })
const generic = (element: object) =>
  json({
    attachment: { type: 'template', payload: { template_type: 'generic', elements: [element] } },
  })

describe('what a message says', () => {
  test.each([
    ['a text', { text: 'Write to taro@example.com' }, 'notify-personal-data'],
    ['a text', { text: 'Your LOAN was approved' }, 'notify-sensitive-words'],
    ['the text of a message', json({ text: '検査結果のお知らせ' }), 'notify-sensitive-words'],
    ['an element', generic({ title: 'Ours: 090-1234-5678' }), 'notify-personal-data'],
    [
      'what comes back when a button is tapped',
      generic({
        title: 'Pay',
        buttons: [{ type: 'postback', title: 'Pay', payload: 'card.4111111111111111' }],
      }),
      'notify-personal-data',
    ],
  ] as const)('of people or their affairs in %s is found [U16]: %#', (_, words, rule) => {
    expect(judged(words).refusal?.rule).toBe(rule)
    const { refusal, flags } = judged(words, lenient)
    expect([refusal, flags.map((flag) => flag.rule)]).toEqual([null, [rule]])
  })

  test('goes out where it says nothing of the kind, addresses and ids of files aside [U16]', () => {
    const file = { image_url: 'https://shop.example/4111111111111111.png' }
    expect(judged({ text: 'The blue jacket is back.' }).flags).toEqual([])
    for (const words of [
      generic({
        title: 'Blue jacket',
        ...file,
        default_action: { type: 'web_url', url: file.image_url },
      }),
      json({ attachment: { type: 'image', payload: { attachment_id: '4111111111111111' } } }),
    ]) {
      expect(judged(words)).toMatchObject({ refusal: null, flags: [] })
    }
  })

  test('is told by its kind, once each, and never repeated [U16]', () => {
    const texts = { title: 'a@example.com', subtitle: 'b@example.com or 090-1234-5678' }
    expect(judged(generic(texts)).refusal?.text).toBe(
      'looks like personal data or a secret: mail, phone',
    )
  })

  test('is guarded strictly or leniently for each of the two by itself [U16]', () => {
    const words = { text: 'Your diagnosis, by a@example.com' }
    const half = judged(words, { personalData: 'flag', sensitiveWords: 'refuse' })
    expect(half.refusal?.rule).toBe('notify-sensitive-words')
    expect(half.flags.map(({ rule }) => rule)).toEqual(['notify-personal-data'])
  })
})
