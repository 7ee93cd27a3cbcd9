import type { CampaignCommand } from '@otn/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCampaignWorld, KEY, personOf, steering } from '../../test/support/campaign-world.ts'
import { campaignState } from '../domain/campaign.ts'

const plays = fc.record({
  people: fc.integer({ min: 0, max: 12 }),
  tokens: fc.integer({ min: 1, max: 3 }),
  /** Passes of the store's calls at which the process dies. */
  deaths: fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 6 }),
  /** Rounds after which the store is dropped. */
  drops: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 2 }),
  pauses: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 2 }),
  runs: fc.integer({ min: 1, max: 4 }),
})

test('[U12] whatever dies when, each person is called once and nobody is missed', async () => {
  await fc.assert(
    fc.asyncProperty(plays, async ({ people: count, tokens, deaths, drops, pauses, runs }) => {
      const people = Array.from({ length: count }, (_, index) => personOf(index, tokens))
      const world = createCampaignWorld(people)
      let passes = 0
      world.world.strike = () => {
        passes += 1
        if (deaths.includes(passes)) throw world.away()
      }
      const log: CampaignCommand[] = []
      const read = async (...commands: readonly CampaignCommand[]) => {
        // A batch that was not handled to its end is read again.
        for (;;) {
          try {
            return await world.steer(...commands)
          } catch {
            world.restart()
          }
        }
      }
      const steer = async (command: CampaignCommand) => {
        log.push(command)
        await read(command)
      }
      // Commands are read from their beginning again; a rebuild that dies is begun anew.
      const drop = async () => {
        for (;;) {
          try {
            await world.rebuild()
            return await read(...log)
          } catch {
            world.restart()
          }
        }
      }
      await steer(steering('StartCampaign'))
      for (let round = 0; round < 80; round += 1) {
        const document = world.documents.get(KEY)
        const isOver = document && campaignState(document.campaign) === 'completed'
        if (isOver && document.facts.length === 0) break
        if (drops.includes(round)) await drop()
        if (pauses.includes(round)) {
          await steer(steering('PauseCampaign', { commandId: `p${round}` as never }))
          await world.tick()
          const before = world.state.calls.length
          const isTold = world.campaignEvents().at(-1)?.type === 'CampaignPaused'
          await world.run()
          if (isTold) expect(world.state.calls).toHaveLength(before)
          await steer(steering('ResumeCampaign', { commandId: `r${round}` as never }))
        }
        await world.tick()
        await world.run(runs)
      }
      const called = world.state.calls.map(({ content }) => content.psid)
      expect(called.toSorted()).toEqual(people.map(({ psid }) => psid).toSorted())
      const last = world.campaignEvents().at(-1)
      expect(last).toMatchObject({ type: 'CampaignCompleted', recorded: count, sent: count })
    }),
    { numRuns: 60 },
  )
})
