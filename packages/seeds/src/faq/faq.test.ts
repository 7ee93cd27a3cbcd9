import { describe, expect, test } from 'vitest'
import { readRepository } from '../repository.ts'
import { requirements } from '../requirements.ts'
import { faq } from './faq.ts'

const { mentions } = readRepository()
const known = new Map(requirements.map((row) => [row.id, row]))

describe('[S1-01] the questions of the documents', () => {
  test('speak of requirements that there are, under ids of their own', () => {
    expect(faq.flatMap((one) => one.requirements).filter((id) => !known.has(id))).toEqual([])
    expect(new Set(faq.map(({ id }) => id)).size).toBe(faq.length)
    expect(faq.filter(({ id }) => !/^[a-z]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([])
  })

  test('answer every sentence of the FAQ', () => {
    const answered = new Set(faq.flatMap((one) => one.requirements))
    const ofFaq = [...known.keys()].filter((id) => id.startsWith('S1-') && id !== 'S1-01')
    expect(ofFaq.filter((id) => !answered.has(id))).toEqual([])
  })

  test('point at files whose tests carry an id of theirs', () => {
    const shows = ({ requirements: ids }: (typeof faq)[number], file: string) =>
      mentions.some((one) => one.file === file && ids.includes(one.id))
    const wrong = faq.flatMap((one) =>
      one.tests.filter((file) => !shows(one, file)).map((file) => `${one.id}: ${file}`),
    )
    expect(wrong).toEqual([])
  })

  test('are shown, unless nobody says that what they speak of is built', () => {
    const isBuilt = (id: string) => (known.get(id)?.done.length ?? 0) > 0
    const bare = faq.filter(
      ({ tests, requirements: ids }) => tests.length === 0 && ids.some(isBuilt),
    )
    expect(bare.map(({ id }) => id)).toEqual([])
  })

  test('are answered in short', () => {
    expect(faq.filter(({ answer }) => answer.length > 400).map(({ id }) => id)).toEqual([])
  })
})
