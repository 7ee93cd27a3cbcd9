/** Sealed values as a hand in the database might move them: each opens for its own row alone. */
import { createSecretKey, randomBytes } from 'node:crypto'
import { commandId, eventId, type PageId, pageId, pageScopedUserId } from '@otn/kernel'
import { createIdentity, createVault, parseMasterKeys } from '@otn/vault'
import { describe, expect, test } from 'vitest'
import { notify } from '../../test/support/command-facts.ts'
import { proposed } from '../../test/support/memory-ports.ts'
import type { ProposedToken } from '../domain/choose-token.ts'
import { createCampaignFacts } from './campaign-facts-kafka.ts'
import { createContents } from './contents-vault.ts'
import { createPsidSafe, createTokenSafe } from './token-safe-vault.ts'

const parsed = parseMasterKeys(`k1:${randomBytes(32).toString('base64')}`)
if ('fault' in parsed) throw new Error(parsed.fault)
const vault = createVault(parsed.keys)
const identity = createIdentity(createSecretKey(Buffer.from('test-pepper')))
const [PAGE, OTHER_PAGE] = [pageId('1000'), pageId('1001')]
const person = (psid: string) => identity.person(PAGE, pageScopedUserId(psid))
const broken = expect.objectContaining({ code: 'OTN_VAULT_SEAL_BROKEN' })

describe('[D-09] the content of a command', () => {
  const contents = createContents(vault)
  const [mine, other] = [
    notify({ commandId: commandId('c-1') }),
    notify({ commandId: commandId('c-2'), text: 'for somebody else' }),
  ]

  test('opens for the command it was sealed for', () => {
    const content = contents.seal(mine, person('2000'))
    expect(contents.open(content, mine)).toEqual(mine)
  })

  test.each([
    ['one of the same person', person('2000')],
    ['one of another person', person('2001')],
    ['one that names nobody', null],
  ])('does not open in the document of another command: %s', (_, owner) => {
    const moved = contents.seal(other, owner)
    expect(() => contents.open(moved, mine)).toThrow(broken)
  })

  test('does not open with the context of the document around bytes of another one', () => {
    const [context, { sealed }] = [contents.seal(mine, null), contents.seal(other, null)]
    expect(() => contents.open({ ...context, sealed }, mine)).toThrow(broken)
  })
})

describe('[D-09] the content of a campaign', () => {
  const codec = { encode: () => Buffer.alloc(0) } as never
  const facts = createCampaignFacts({ codec, vault, identity })
  const content = { text: 'It is back', message: null }
  const sealedFor = (page: PageId, campaignId: string) => {
    const id = identity.event('CampaignStarted', page, [campaignId])
    const context = { record: 'CampaignEvent', eventId: id, owner: page }
    return { ...context, ...vault.seal(content, context) }
  }

  test('opens for its own campaign, and for none beside it', () => {
    const sealed = sealedFor(PAGE, 'spring')
    expect(facts.open(sealed, { pageId: PAGE, campaignId: 'spring' })).toEqual(content)
    expect(() => facts.open(sealed, { pageId: PAGE, campaignId: 'autumn' })).toThrow(broken)
    expect(() => facts.open(sealed, { pageId: OTHER_PAGE, campaignId: 'spring' })).toThrow(broken)
  })

  test('does not open under the name of one around the bytes of the other', () => {
    const [mine, { sealed }] = [sealedFor(PAGE, 'spring'), sealedFor(PAGE, 'autumn')]
    const moved = { ...mine, sealed }
    expect(() => facts.open(moved, { pageId: PAGE, campaignId: 'spring' })).toThrow(broken)
  })
})

describe('[D-09] what a call is addressed by', () => {
  const safe = createTokenSafe(vault, identity)
  const psids = createPsidSafe(vault, identity)
  const consentOf = (psid: string, token: string): ProposedToken => {
    const id = eventId(`opt-in ${token}`)
    const context = { record: 'OptInReceived', eventId: id, owner: person(psid) }
    const tokenId = identity.token(PAGE, token)
    return { ...proposed({ tokenId }), eventId: id, ...vault.seal({ psid, token }, context) }
  }
  const [mine, other] = [consentOf('2000', '44'), consentOf('2001', '45')]
  const owner = { pageId: PAGE, person: person('2000') }

  test('is the token that the row says, of the person that the row says', () => {
    expect(safe.open(mine, owner).reveal()).toBe('44')
    expect(safe.psidOf(mine, owner)?.reveal()).toBe('2000')
    expect(psids.psidOf(mine, owner)).toBe('2000')
  })

  test.each([
    ['the sealed bytes', { ...mine, sealed: other.sealed }, owner],
    ['bytes and event', { ...other, tokenId: mine.tokenId }, owner],
    [
      'all, with the person',
      { ...other, tokenId: mine.tokenId },
      { ...owner, person: person('2001') },
    ],
  ])('is refused where the row holds another one: %s', (_, moved, of) => {
    expect(() => safe.open(moved, of)).toThrow(broken)
  })

  test('is nobody else, whatever page the row is moved to', () => {
    const elsewhere = { pageId: OTHER_PAGE, person: person('2000') }
    expect(() => safe.psidOf(mine, elsewhere)).toThrow(broken)
    expect(() => psids.psidOf(mine, elsewhere)).toThrow(broken)
  })

  test('[S1-36] is the token of its own page alone', () => {
    const connected = (page: PageId, accessToken: string) => {
      const id = eventId(`connected ${page}`)
      const context = { record: 'PageEvent', eventId: id, owner: page }
      const sealed = vault.seal({ accessToken }, context)
      return { pageId: page, eventId: id, graphVersion: null, ...sealed }
    }
    const [here, there] = [connected(PAGE, 'here'), connected(OTHER_PAGE, 'there')]
    expect(safe.pageToken(here).reveal()).toBe('here')
    expect(() =>
      createTokenSafe(vault, identity).pageToken({ ...here, sealed: there.sealed }),
    ).toThrow(broken)
    expect(() => safe.pageToken({ ...there, pageId: PAGE })).toThrow(broken)
    expect(() => safe.pageToken({ ...here, pageId: OTHER_PAGE })).toThrow(broken)
  })
})
