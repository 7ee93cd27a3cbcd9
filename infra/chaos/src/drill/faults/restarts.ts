/** Deployments under load: every service ended cleanly and started again, one after another. */
import type { Exercise } from '../exercise.ts'
import type { ServiceUnderFire } from '../service-under-fire.ts'

async function restart(service: ServiceUnderFire): Promise<void> {
  await service.stop()
  await service.start()
  await service.untilReady()
}

export const restartExercises: readonly Exercise[] = [
  ...(['ingress', 'token-ledger', 'dispatcher'] as const).map(
    (name): Exercise => ({
      family: 'restarts',
      id: `restart ${name}`,
      run: ({ services }) => restart(services[name]),
    }),
  ),
  {
    family: 'restarts',
    id: 'restart all at once',
    run: async ({ services, secondDispatcher }) => {
      const all = [...Object.values(services), ...(secondDispatcher ? [secondDispatcher] : [])]
      await Promise.all(all.map(restart))
    },
  },
  {
    family: 'restarts',
    id: 'a second dispatcher comes and goes',
    run: async ({ secondDispatcher }) => {
      if (secondDispatcher === null) throw new Error('the cell has one dispatcher')
      for (let count = 0; count < 3; count += 1) await restart(secondDispatcher)
    },
  },
]
