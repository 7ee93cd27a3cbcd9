import { describe, expect, inject, test } from 'vitest'
import { otn } from './src/otn.ts'
import { call } from './src/system.ts'

const stack = inject('stack')
const home = inject('stackHome')
const page = stack.pages[0]?.pageId ?? ''

interface Line {
  readonly check: string
  readonly verdict: string
  readonly sentence: string
  readonly fix: string | null
}

/** Another file has the platform stop a page; that alarm has no end of its own but time. */
const isOfNeighbour = ({ check, sentence }: Line) =>
  check === 'alarms' && sentence.startsWith('page-stopped (')

async function doctor() {
  const { code, out } = await otn(home, ['doctor', '--json'])
  const { lines, leftOut }: { lines: readonly Line[]; leftOut: readonly object[] } = JSON.parse(out)
  const wrong = lines.filter(({ verdict }) => verdict === 'fix')
  const fixes = wrong.filter((line) => !isOfNeighbour(line))
  return { code, out, lines, leftOut, fixes, isWell: wrong.length === 0 }
}

const simulate = (what: 'subscribe' | 'unsubscribe') =>
  call(`${stack.simulatorUrl}/_sim/webhook/${what}`, { method: 'POST', body: { pageId: page } })

describe('otn doctor on a running stack', () => {
  test('finds nothing to mend, looks at everything, and shows no secret', async () => {
    const { code, out, fixes, leftOut, isWell } = await doctor()
    expect(fixes).toEqual([])
    expect(leftOut).toEqual([])
    expect(code).toBe(isWell ? 0 : 1)
    const { appSecret, apiKey, masterKey, personPepper, verifyToken } = stack
    for (const secret of [appSecret, apiKey, masterKey, personPepper, verifyToken]) {
      expect(out).not.toContain(secret)
    }
  })

  test('finds a page that the platform unfollowed, with the command that follows it [S1-43]', async () => {
    await simulate('unsubscribe')
    try {
      const { code, fixes } = await doctor()
      expect(fixes).toMatchObject([
        { check: 'page-standing', fix: `pnpm otn pages follow ${page}` },
      ])
      expect(code).toBe(1)
    } finally {
      await simulate('subscribe')
    }
  })
})
