/** The dispatcher at every step of C0 to C5, and as a zombie at four of them. */
import { cloudEventHeaders } from '@otn/contracts'
import { dispatcherFaultPoints } from '@otn/dispatcher/decisions'
import { commandId, pageId } from '@otn/kernel'
import type { Random } from '../../simulation/random.ts'
import type { Cell } from '../cell.ts'
import type { Exercise } from '../exercise.ts'
import { pointExercises } from './point-table.ts'
import { strikePoint } from './points.ts'

export function dispatcherExercises(random: Random): readonly Exercise[] {
  return pointExercises(
    {
      service: 'dispatcher',
      table: dispatcherFaultPoints,
      onlyFirst: ['catch-up'],
      provoke: { echo: answersLost, steer: campaigns, walk: campaigns },
    },
    random,
  )
}

/** Only an echo can settle a call whose answer was lost. */
async function answersLost({ meta }: Cell): Promise<void> {
  meta.addKnob({ name: 'delivered-then-cut', echo: 'present', times: 8 })
}

/** More than a process may pass unharmed, each with a walk and an end of its own. */
async function campaigns({ meta, log, traffic }: Cell): Promise<void> {
  const [page] = meta.pages
  const records = Array.from({ length: 6 }, () => {
    const campaignId = traffic.name()
    const command = {
      ...({ type: 'StartCampaign', campaignId, commandId: commandId(campaignId) } as const),
      ...{ pageId: pageId(page?.pageId ?? ''), topic: 'nobody-agreed', text: 'It is back.' },
    }
    const value = log.codec.encode('CampaignCommand', command)
    const headers = cloudEventHeaders({
      id: campaignId,
      source: '/otn/client/drill',
      type: command.type,
    })
    return { topic: 'campaign', key: campaignId, value, headers: { ...headers } } as const
  })
  await traffic.publish(records)
}

/** Frozen past lease and session, then thawed in the middle of a step that others took over. */
export const zombieExercises: readonly Exercise[] = [
  { point: 'claim', side: 'after' },
  { point: 'call', side: 'wire' },
  { point: 'call', side: 'after' },
  { point: 'decide', side: 'after' },
].map(({ point, side }) =>
  strikePoint({
    ...{ service: 'dispatcher', family: 'zombies', action: 'freeze', point, side },
    pass: 1,
  }),
)

/** The same steps where another dispatcher takes over at once: a rebalance at every one of them. */
export const takeoverExercises: readonly Exercise[] = [
  'record',
  'claim',
  'intend',
  'call',
  'decide',
  'tell',
  'mark',
].map((point) =>
  strikePoint({
    ...{ service: 'dispatcher', family: 'takeover', action: 'kill', point, side: 'after' },
    pass: 1,
  }),
)
