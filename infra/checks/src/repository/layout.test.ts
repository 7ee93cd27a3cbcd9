import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { flow } from '@otn/stack'
import { describe, expect, test } from 'vitest'
import { ROOT, read, repositoryFiles, sourceFiles } from './files.ts'

const TOP_LEVEL = new Set([
  'services',
  'packages',
  'schemas',
  'infra',
  'docs',
  'docker-compose.yml',
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'tsconfig.base.json',
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
])

describe('the layout', () => {
  test('[D-02] the top level holds the named folders and files, prose and hidden files, no more', () => {
    const names = new Set(repositoryFiles().map((file) => file.split('/')[0] ?? ''))
    const strangers = [...names].filter((name) => !name.startsWith('.') && !TOP_LEVEL.has(name))
    expect(strangers).toEqual([])
    expect([...TOP_LEVEL].filter((name) => !existsSync(join(ROOT, name)))).toEqual([])
  })

  test('every row of the flow leads to a file', () => {
    expect(flow.length).toBeGreaterThan(9)
    expect(flow.filter(({ file }) => !existsSync(join(ROOT, file)))).toEqual([])
  })

  test('every handler of a service is named in its service.ts', () => {
    const handlers = sourceFiles().filter((file) =>
      /^services\/[^/]+\/src\/handlers\/(on|get|post|every|run)-[^/]*(?<!\.test)\.ts$/.test(file),
    )
    expect(handlers.length).toBeGreaterThan(10)
    const unused = handlers.filter((file) => {
      const [, service = '', , , name = ''] = file.split('/')
      const own = sourceFiles().filter(
        (other) =>
          other.startsWith(`services/${service}/src/`) &&
          !other.includes('.test.') &&
          // What the simulation is given joins nothing.
          !other.endsWith('/decisions.ts'),
      )
      return !own.some((other) => other !== file && read(other).includes(`/${name}'`))
    })
    expect(unused).toEqual([])
  })

  test('[D-01] the named libraries carry what they are named for', () => {
    const catalog = read('pnpm-workspace.yaml')
    const named = [
      'fastify',
      'fastify-raw-body',
      'kafkajs',
      'mongodb',
      'avsc',
      'testcontainers',
      'vitest',
    ]
    for (const library of named) expect(catalog).toMatch(new RegExp(`^  '?${library}'?: \\d`, 'm'))
    expect(catalog).toContain('kafkajs: 2.2.4')
    for (const option of ['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes']) {
      expect(read('tsconfig.base.json')).toContain(`"${option}": true`)
    }
  })
})
