import { appError, Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { createLog } from './log.ts'

const PLANTED = 'planted-4400000000000001'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  write(createLog({ service: 'test', level: 'debug', destination }))
  return lines.join('')
}

describe('the log', () => {
  test('lets no foreign error text through: a parser quotes what it could not read', () => {
    const line = logged((log) => {
      try {
        JSON.parse(`${PLANTED}{`)
      } catch (error) {
        log.error({ error }, 'failed')
        log.error({ err: error }, 'failed')
      }
    })
    expect(line).toContain('SyntaxError')
    expect(line).not.toContain('planted')
  })

  test('tells the whole cause chain of our own errors', () => {
    const cause = appError('OTN_BUS_UNREACHABLE', {
      message: 'no broker',
      cause: new Error(PLANTED),
    })
    const error = appError('OTN_INTERNAL', { message: 'could not append', cause })
    const line = logged((log) => log.error({ error }, 'failed'))
    expect(line).toContain('could not append')
    expect(line).toContain('no broker')
    expect(line).not.toContain('planted')
  })

  test('drops what an HTTP client hangs onto its errors', () => {
    const error = Object.assign(new Error('x'), { config: { headers: { authorization: PLANTED } } })
    expect(logged((log) => log.error({ error }, 'failed'))).not.toContain('planted')
  })

  test('repeats no command that MongoDB refuses, for it holds what was to be written', () => {
    const message = `not authorized on otn_pages to execute command { insert: "${PLANTED}" }`
    const error = Object.assign(new Error(message), { name: 'MongoServerError' })
    const line = logged((log) => log.error({ error }, 'failed'))
    expect(line).toContain('MongoServerError')
    expect(line).not.toContain('planted')
  })

  test('prints a secret as such wherever it lies', () => {
    const line = logged((log) => log.info({ deep: { token: new Secret(PLANTED) } }, 'x'))
    expect(line).toContain('[secret]')
    expect(line).not.toContain('planted')
  })
})
