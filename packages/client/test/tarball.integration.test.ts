import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeployment, type Deployment } from './support/deployment.ts'

const ROOT = join(import.meta.dirname, '../../..')
const NODE = join(ROOT, 'node_modules/.bin/node')
const TSC = join(ROOT, 'node_modules/.bin/tsc')
const DIST = join(ROOT, 'packages/client/dist')
const run = promisify(execFile)

const scope = testScope()
let deployment: Deployment
let folder: string

beforeAll(async () => {
  deployment = await createDeployment(scope)
  folder = await mkdtemp(join(tmpdir(), 'otn-client-'))
  await run(NODE, ['infra/checks/src/build-package.ts', 'packages/client'], { cwd: ROOT })
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: DIST })
  const [{ filename }] = JSON.parse(packed.stdout)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', ...quiet, `./${filename}`], { cwd: folder })
})

afterAll(async () => {
  await deployment?.[Symbol.asyncDispose]()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function runScript(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  const { stdout } = await run(NODE, [name], { cwd: folder, env: { PATH: process.env.PATH } })
  return stdout
}

describe('the packed client, installed by npm into an empty folder', () => {
  test('publishes a command to a real Kafka', async () => {
    const options = {
      kafka: { brokers: scope.kafkaBrokers, topicPrefix: scope.prefix },
      schemaRegistryUrl: scope.schemaRegistryUrl,
      source: 'installed',
    }
    const stdout = await runScript(
      'publish.js',
      `import { createNotifier } from '@otn/client'
       const notifier = await createNotifier(${JSON.stringify(options)})
       const to = { psid: '2000', topic: 'restock-1234' }
       const notified = await notifier.notify({ pageId: '1000', to, text: 'It is back.' })
       const outcome = await notifier.outcome(notified)
       await notifier.close()
       console.log(JSON.stringify({ ...notified, outcome }))`,
    )
    expect(JSON.parse(stdout)).toMatchObject({
      position: { kafkaTopic: `${scope.prefix}otn.notify.commands.v1` },
      outcome: { state: 'pending' },
    })
  })

  test('brings a fake for tests that needs no Kafka', async () => {
    const stdout = await runScript(
      'fake.js',
      `import { createFakeNotifier } from '@otn/client/testing'
       const notifier = createFakeNotifier()
       const to = { psid: '2000', topic: 'restock-1234' }
       const { commandId } = await notifier.notify({ pageId: '1000', to, text: 'It is back.' })
       console.log(JSON.stringify(await notifier.outcome(commandId)))`,
    )
    expect(JSON.parse(stdout)).toMatchObject({ state: 'sent' })
  })

  test('brings its types: right calls compile, wrong ones do not', async () => {
    const compile = async (text: string): Promise<string> => {
      await writeFile(join(folder, 'typed.ts'), text)
      const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024']
      const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node']
      const libraries = ['--lib', 'es2024,esnext.disposable']
      const ran = run(TSC, [...flags, ...libraries, ...types, 'typed.ts'], { cwd: folder })
      return ran.then(
        () => '',
        (error: { readonly stdout: string }) => error.stdout,
      )
    }
    const head = `import { createNotifier } from '@otn/client'
      const notifier = await createNotifier({ kafka: { brokers: ['k:9092'] }, source: 's' })\n`
    const rest = `pageId: '1000', text: 'It is back.'`
    expect(
      await compile(`${head} notifier.notify({ to: { psid: '1', topic: 't' }, ${rest} })`),
    ).toBe('')
    const both = `{ psid: '1', tokenId: '2', topic: 't' }`
    expect(await compile(`${head} notifier.notify({ to: ${both}, ${rest} })`)).toContain('TS2322')
  })

  test('depends on nothing of the workspace', async () => {
    const manifest = JSON.parse(await readFile(join(DIST, 'package.json'), 'utf8'))
    expect(Object.keys(manifest.dependencies)).toEqual(['avsc', 'kafkajs'])
  })
})
