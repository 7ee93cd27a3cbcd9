/** The connected pages: that there are some, which are paused, and whose key opens their tokens. */
import { parseMasterKeys } from '@otn/vault'
import { sealingSettings } from '../../cli-settings.ts'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, toFix, warn } from '../finding.ts'
import { type ConnectedPage, connectedPages } from '../readers/connected-pages.ts'

export const pages = defineCheck({
  id: 'pages',
  needs: ['schemas', 'kafka-topics'],
  read: async ({ pageEvents }) => connectedPages(await pageEvents()),
  judge: judgePages,
})

/** The fault of the master keys, or null. */
export const masterKey = defineCheck<string | null>({
  id: 'master-key',
  needs: ['stack-file'],
  settings: { of: sealingSettings, unset: 'warn' },
  read: ({ context }) => {
    const parsed = parseMasterKeys(context.read(sealingSettings).masterKey.reveal())
    return 'fault' in parsed ? parsed.fault : null
  },
  judge: (fault) => [
    fault === null
      ? ok('OTN_MASTER_KEY can be read')
      : toFix(`OTN_MASTER_KEY: ${fault}`, 'set OTN_MASTER_KEY: id:base64 of 32 bytes'),
  ],
})

export function judgePages(
  connected: readonly Pick<ConnectedPage, 'pageId' | 'isPaused'>[],
): readonly Finding[] {
  if (connected.length === 0) {
    return [toFix('no page is connected', 'pnpm otn pages import pages.json')]
  }
  const paused = connected.filter(({ isPaused }) => isPaused)
  const said = `${counted(connected.length, 'page')} connected`
  if (paused.length === 0) return [ok(said)]
  const ids = paused.map(({ pageId }) => pageId)
  const sentence = `${said}, of which messages wait on ${ids.join(', ')}: paused`
  return [warn(sentence, `pnpm otn pages resume ${ids[0]}`)]
}
