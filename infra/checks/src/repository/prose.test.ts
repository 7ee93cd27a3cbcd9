import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCodes } from '@otn/kernel'
import { messageKinds, messageTags, routes } from '@otn/policy'
import { describe, expect, test } from 'vitest'
import { ROOT, read, repositoryFiles } from './files.ts'

const README_LINES_MAX = 120
const pages = () => repositoryFiles().filter((file) => file.endsWith('.md'))
const withoutCode = (page: string) => page.replace(/(`+).*?\1/g, '')
const isText = (file: string) => !/\.(png|ico|gz|whl)$/.test(file)

describe('prose', () => {
  test('every page has one first-level heading', () => {
    expect(pages().length).toBeGreaterThan(10)
    const wrong = pages().filter((file) => {
      const prose = read(file).replace(/```[\s\S]*?```/g, '')
      return prose.split('\n').filter((line) => line.startsWith('# ')).length !== 1
    })
    expect(wrong).toEqual([])
  })

  test('every relative link leads to a file', () => {
    const broken = pages().flatMap((file) =>
      [...withoutCode(read(file)).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(ROOT, dirname(file), target)))
        .map((target) => `${file} → ${target}`),
    )
    expect(broken).toEqual([])
  })

  test('the README fits on its page', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(README_LINES_MAX)
  })

  test('every error code has its heading in docs/errors.md, and the page names no other', () => {
    const headings = [...read('docs/errors.md').matchAll(/^### (OTN_\w+)$/gm)].map(
      ([, code]) => code,
    )
    expect(headings).toEqual(Object.keys(errorCodes))
  })

  test('docs/sending.md has a row for every route, message tag and kind of message [S0-19]', () => {
    const named = read('docs/sending.md')
      .split('\n')
      .flatMap((line) => [
        ...(/^\| ((?:`[\w-]+`(?:, )?)+)/.exec(line)?.[1] ?? '').matchAll(/`([\w-]+)`/g),
      ])
      .map(([, name]) => name)
    const known = [...routes, ...messageTags.keys(), ...messageKinds]
    expect(named.filter((name) => name !== 'route').toSorted()).toEqual(known.toSorted())
  })

  test('no file names a path of a machine or the host of a package registry', () => {
    const hosts = [
      'registry.npm' + 'js.org',
      'repo.maven' + '.apache.org',
      'repo1.' + 'maven.org',
      'pypi' + '.org',
    ]
    const machine = new RegExp(`(^|[\\s"'=(:\`])/(${'ro'}ot|${'ho'}me/\\w+|${'wo'}rk|Users)/`, 'm')
    const found = repositoryFiles()
      .filter(isText)
      .filter((file) => {
        const text = read(file)
        return hosts.some((host) => text.includes(host)) || machine.test(text)
      })
    expect(found).toEqual([])
  })
})
