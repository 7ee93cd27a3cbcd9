import { randomUUID } from 'node:crypto'
import type { Collection } from 'mongodb'
import type { Generation, RebuildReport, RebuildSite, Rebuilds } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { compareVersions } from './digest-mongodb.ts'
import { fromBson, toBson } from './document-bson.ts'
import type { Generations, RebuildPermit } from './generations-mongodb.ts'
import type { Version, Versions } from './versions-mongodb.ts'

/** Kept beside the versions, so that any process can tell how the rebuild of another goes. */
export interface StoredReport {
  readonly _id: 'last'
  readonly [field: string]: unknown
}

export interface RebuildParts {
  readonly generations: Generations
  readonly versions: Versions
  readonly open: (version: number) => Version
  readonly reports: Collection<StoredReport>
}

const _id = 'last' as const

export function rebuildsIn(parts: RebuildParts): Rebuilds {
  const { generations, versions, reports } = parts
  return {
    begin: async () => {
      const served = await generations.read()
      const permit = served === null ? null : await generations.beginRebuild(served.id)
      if (served === null || permit === null) return null
      await versions.dropBelow(served.version)
      await versions.create(permit.version, served.id)
      return siteOf(parts, { served, permit })
    },
    report: async (report) => {
      await reaching(reports.replaceOne({ _id }, toBson(report), { upsert: true }))
    },
    last: async () => {
      const found = await reaching(reports.findOne({ _id }, { projection: { _id: 0 } }))
      if (found === null) return null
      const report = fromBson<RebuildReport>(found)
      const generation = await generations.read()
      // After the swap nobody holds the leave any more, though the end is not written yet.
      const isGoingOn = generation?.isWorkedOn || generation?.version === report.toVersion
      if (report.state !== 'running' || isGoingOn) return report
      return { ...report, state: 'failed', error: 'interrupted' }
    },
  }
}

function siteOf(
  { generations, versions, open }: RebuildParts,
  { served, permit }: { readonly served: Generation; readonly permit: RebuildPermit },
): RebuildSite {
  const [before, after] = [open(served.version), open(permit.version)]
  return {
    id: randomUUID(),
    fromVersion: served.version,
    toVersion: permit.version,
    served: before,
    rebuilt: after.model,
    renew: () => generations.renew(permit),
    freeze: () => generations.freeze(permit),
    compare: () => compareVersions(before, after),
    swap: async (offsets) => {
      await after.cursors.place(offsets)
      return generations.swap(permit)
    },
    dropServed: () => versions.drop(served.version),
    abandon: async () => {
      if (await generations.endRebuild(permit)) await versions.drop(permit.version)
    },
  }
}
