import { requirements, seedsReport } from '@otn/seeds'
import { readRepository } from '@otn/seeds/repository'
import { describe, expect, test } from 'vitest'

const { mentions } = readRepository()

describe('[U18] the titles of tests', () => {
  test('name no requirement that there is not', () => {
    expect(mentions.length).toBeGreaterThan(150)
    const known = new Set(requirements.map(({ id }) => id))
    const strangers = mentions.filter(({ id }) => !known.has(id))
    expect(strangers.map(({ id, file, line }) => `${file}:${line} ${id}`)).toEqual([])
  })

  test('name every requirement that is said to be kept', () => {
    // Without a run nothing fails: what is bad is bad for want of a test.
    const { rows } = seedsReport({ requirements, mentions, runs: { runs: {} } })
    const bare = rows.filter(({ result }) => result === 'no test')
    expect(bare.map(({ requirement }) => requirement.id)).toEqual([])
  })
})
