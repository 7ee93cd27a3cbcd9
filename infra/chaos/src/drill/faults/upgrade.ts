/** A rolling upgrade and the way back: each version reads what the other one wrote. */
import { join, relative } from 'node:path'
import type { Clocked } from '../cell-options.ts'
import type { Exercise } from '../exercise.ts'
import { ROOT_FOLDER } from '../folders.ts'
import { checkOutPrevious } from '../previous-version.ts'
import { dropAndRefold } from '../verdict.ts'

const ORDER: readonly Clocked[] = ['token-ledger', 'dispatcher', 'ingress']

function goTo(service: Clocked, version: 'previous' | 'this'): Exercise {
  return {
    family: 'upgrade',
    id: `${service} of ${version} version`,
    run: async ({ services }) => {
      const target = services[service]
      const life = version === 'this' ? {} : { entry: await entryOf(target.entry) }
      await target.stop()
      await target.start(life)
      await target.untilReady()
    },
  }
}

async function entryOf(entry: string): Promise<string> {
  return join(await checkOutPrevious(), relative(ROOT_FOLDER, entry))
}

/** The whole log, folded anew by whichever version runs. */
function foldAgain(version: 'previous' | 'this'): Exercise {
  return {
    family: 'upgrade',
    id: `MongoDB dropped under ${version} version: it folds the log of both`,
    run: dropAndRefold,
  }
}

export const upgradeExercises: readonly Exercise[] = [
  ...ORDER.map((service) => goTo(service, 'previous')),
  foldAgain('previous'),
  ...ORDER.map((service) => goTo(service, 'this')),
  foldAgain('this'),
]
