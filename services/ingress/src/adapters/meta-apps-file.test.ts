import { isAppError } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { parseMetaApps, readMetaApps } from './meta-apps-file.ts'

const ONE = {
  appId: '1234567890',
  appSecrets: ['planted-newest-secret', 'planted-older-secret'],
  verifyTokens: ['planted-token'],
}
const TWO = { appId: '77', appSecrets: ['planted-other-secret'], verifyTokens: ['planted-token'] }

function faultOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (isAppError(error, 'OTN_CONFIG_INVALID')) return error.message
    throw error
  }
  return 'none'
}

const faultsOf = (content: unknown) =>
  faultOf(() => parseMetaApps(typeof content === 'string' ? content : JSON.stringify(content)))

describe('the file of apps', () => {
  test('gives each app its secrets in their order, and prints none of them', () => {
    const apps = parseMetaApps(JSON.stringify([ONE, TWO]))
    expect(apps.map(({ appId }) => appId)).toEqual(['1234567890', '77'])
    expect(apps[0]?.appSecrets.map((secret) => secret.reveal())).toEqual(ONE.appSecrets)
    expect(JSON.stringify(apps)).not.toContain('planted')
  })

  test.each([
    ['no JSON', '[{"appId":', 'wanted a JSON list'],
    ['no list', ONE, 'wanted a JSON list'],
    ['an empty list', [], 'wanted a JSON list'],
    ['an app without digits', [{ ...ONE, appId: 'shop' }], 'entry 1, appId: wanted 1 to 32 digits'],
    ['an id as a number', [{ ...ONE, appId: 77 }], 'entry 1, appId: '],
    ['no secret at all', [ONE, { ...TWO, appSecrets: [] }], 'entry 2, appSecrets: '],
    ['a short secret', [{ ...ONE, appSecrets: ['planted'] }], 'entry 1, appSecrets[0]: wanted 16'],
    ['a secret with a line end', [{ ...ONE, appSecrets: ['planted-secret-123\n'] }], 'wanted 16'],
    ['a short token', [{ ...ONE, verifyTokens: ['planted-1', 'p'] }], 'verifyTokens[1]: wanted 8'],
    ['a field written otherwise', [{ ...ONE, appSecret: 'planted' }], 'entry 1: '],
    [
      'an app twice',
      [ONE, TWO, { ...TWO, appSecrets: ['planted-third-secret'] }],
      'entry 3, appId: the same as entry 2, appId',
    ],
    [
      'a secret twice',
      [{ ...ONE, appSecrets: ['planted-secret-twice', 'planted-secret-twice'] }],
      'entry 1, appSecrets[1]: the same as entry 1, appSecrets[0]',
    ],
    [
      'a secret of two apps',
      [ONE, { ...TWO, appSecrets: ONE.appSecrets }],
      'entry 2, appSecrets[0]: the same as entry 1, appSecrets[0]',
    ],
    [
      'a token twice',
      [{ ...ONE, verifyTokens: ['planted-token', 'planted-token'] }],
      'verifyTokens[1]: the same as entry 1',
    ],
  ])('with %s is refused by entry and field, without a value', (_, content, fault) => {
    const said = faultsOf(content)
    expect(said).toContain('META_APPS_FILE: wanted a JSON list of { appId')
    expect(said).toContain(fault)
    expect(said).not.toContain('planted')
  })

  test('names all of its faults at once', () => {
    const said = faultsOf([
      { ...ONE, appId: '' },
      { ...TWO, verifyTokens: [] },
    ])
    expect(said).toContain('entry 1, appId')
    expect(said).toContain('entry 2, verifyTokens')
  })

  test('that cannot be read stops the start by its name', () => {
    expect(faultOf(() => readMetaApps('/none/apps.json'))).toContain(
      '/none/apps.json cannot be read',
    )
  })
})
